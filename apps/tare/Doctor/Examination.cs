using System.Runtime.InteropServices;
using System.Text;
using Tare.Cli.CommandLine;
using Tare.Cli.Reporting;
using Tare.Cli.Running;
using Tare.Cli.Sandbox;
using Tare.Launch;
using Tare.Linux;
using Tare.Runtime;
using Tare.Runtime.Validation;

namespace Tare.Cli.Doctor;

/// <summary>
/// Finds out what sandboxes can be had here: features are probed, and a sandbox is made for real, with every limit that can
/// be had, and removed again.
/// </summary>
internal static class Examination
{
    private const string Sandboxes = "sandboxes";
    private const string Needed = "what every sandbox needs";
    private const string Further = "what helps, or later versions use";

    // Without these there is no launch.
    private static readonly KernelFeature[] Necessary =
    [
        KernelFeature.Clone3,
        KernelFeature.PidFd,
        KernelFeature.WaitPidFd,
        KernelFeature.OpenAt2,
        KernelFeature.OpenTree,
        KernelFeature.MountSetattr,
        KernelFeature.CloseRange,
        KernelFeature.PidNamespaces,
        KernelFeature.MountNamespaces,
        KernelFeature.NetworkNamespaces,
        KernelFeature.IpcNamespaces,
        KernelFeature.UtsNamespaces,
        KernelFeature.CgroupNamespaces,
        KernelFeature.Overlay,
    ];

    /// <summary>Looks and tries.</summary>
    /// <param name="begin">When this process began.</param>
    public static Diagnosis Make(long begin)
    {
        Caller caller = Caller.Read();
        List<Finding> findings = [];
        AddTrial(findings, caller, begin);
        AddIdentities(findings, caller);
        foreach (KernelFeature feature in KernelFeatures.All)
        {
            bool needed =
                Necessary.Contains(feature) || (feature == KernelFeature.UserNamespaces && !caller.IsPrivileged);
            if (needed)
            {
                Add(findings, Needed, KernelFeatures.Get(feature), FindingState.Missing);
            }
        }

        foreach (KernelFeature feature in KernelFeatures.All)
        {
            if (!findings.Exists(finding => finding.Name == KernelFeatures.Get(feature).Name))
            {
                Add(findings, Further, KernelFeatures.Get(feature), FindingState.Limited);
            }
        }

        byte[] release = Files.ReadAllAt(null, "/proc/sys/kernel/osrelease").Value ?? [];
        return new Diagnosis(
            Encoding.UTF8.GetString(release).Trim(),
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x86_64",
            caller.Uid,
            caller.IsPrivileged,
            findings
        );
    }

    private static void Add(List<Finding> findings, string group, FeatureState feature, FindingState otherwise) =>
        findings.Add(
            new Finding(
                group,
                feature.Name,
                feature.Present ? FindingState.Good : otherwise,
                feature.Present ? (feature.Detail > 0 ? $"version {feature.Detail}" : null) : feature.Why,
                feature.Remedy
            )
        );

    // The limits are such that the smallest program keeps them.
    private static void AddTrial(List<Finding> findings, Caller caller, long begin)
    {
        RunOptions options = new()
        {
            Command = ["true"],
            Terminal = TerminalUse.Never,
            Memory = 64 << 20,
            Processors = 1,
            Processes = 64,
            BestEffort = true,
        };
        try
        {
            RunReport report = SandboxRun.Run(options, begin, tells: false);

            // That this machine has no "true" is not the sandbox's fault.
            bool started = report.Error is null || report.ExitCode is 126 or 127;
            findings.Add(
                new Finding(
                    Sandboxes,
                    "tare run",
                    started ? FindingState.Good : FindingState.Missing,
                    started ? Scope(caller) : report.Error,
                    started ? null : "see below what is missing"
                )
            );
            foreach (string path in report.ShownReadOnly)
            {
                findings.Add(
                    new Finding(
                        Sandboxes,
                        $"writing in {path}",
                        FindingState.Limited,
                        "its file system cannot be overlaid, so it is read-only in sandboxes",
                        $"write elsewhere, or for good: --read-write {path}"
                    )
                );
            }

            AddLimits(findings, report);
        }
        catch (Exception e)
            when (e is ContainerException or KernelException or SpecException or LaunchException or UsageException)
        {
            findings.Add(
                new Finding(Sandboxes, "tare run", FindingState.Missing, e.Message, "see below what is missing")
            );
        }
    }

    private static string Scope(Caller caller) =>
        caller.IsPrivileged
            ? "a copy of the whole machine; every path can be written"
            : "in a user namespace; home, working directory and /tmp can be written, all else is read-only";

    private static void AddLimits(List<Finding> findings, RunReport report)
    {
        foreach (string option in (ReadOnlySpan<string>)["--memory", "--cpus", "--pids"])
        {
            LeftOut? left = report.LeftOut.FirstOrDefault(limit => limit.Option == option);
            findings.Add(
                new Finding(
                    Sandboxes,
                    option,
                    left is null ? FindingState.Good : FindingState.Limited,
                    left is null ? "by a cgroup" : left.Reason,
                    left?.Remedy
                )
            );
        }
    }

    // Only root, and who was given ranges of further numbers, can have more than one user in a container.
    private static void AddIdentities(List<Finding> findings, Caller caller)
    {
        const string Name = "more than one user (tare-oci)";
        if (caller.IsPrivileged)
        {
            return;
        }

        SubordinateIds ids = SubordinateIds.Read(caller.Uid);
        findings.Add(
            new Finding(
                Sandboxes,
                Name,
                ids.Problem is null ? FindingState.Good : FindingState.Limited,
                ids.Problem ?? ids.Ranges,
                ids.Remedy
            )
        );
    }
}
