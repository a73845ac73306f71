using System.Runtime.InteropServices;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli.Info;

/// <summary>What this machine has for containers of this user: read from the kernel or tried, never told from a version.</summary>
/// <param name="Kernel">The kernel's release: <c>6.1.0-42-amd64</c>.</param>
/// <param name="Build">What it says of its build.</param>
/// <param name="Architecture">The processor's.</param>
/// <param name="Uid">The user.</param>
/// <param name="Cgroups">The cgroup hierarchies; null where /proc is not mounted.</param>
/// <param name="IsSystemd">systemd runs the machine, so it can be asked for cgroups.</param>
/// <param name="Namespaces">The kinds that the kernel has, by their files in /proc/PID/ns.</param>
/// <param name="SecurityModules">The security modules that are active, in the kernel's order.</param>
/// <param name="SeccompActions">What filters of system calls can decide.</param>
/// <param name="Capabilities">The sets of this process, by name.</param>
/// <param name="Features">What was tried.</param>
internal sealed record MachineInfo(
    string Kernel,
    string Build,
    string Architecture,
    uint Uid,
    CgroupLayout? Cgroups,
    bool IsSystemd,
    IReadOnlyList<string> Namespaces,
    IReadOnlyList<string> SecurityModules,
    IReadOnlyList<string> SeccompActions,
    IReadOnlyList<(string Name, CapabilitySet Set)> Capabilities,
    IReadOnlyList<FeatureState> Features
)
{
    /// <summary>Looks and tries. What cannot be read is empty.</summary>
    public static MachineInfo Read()
    {
        SysResult<CgroupLayout> cgroups = CgroupLayout.Read();
        CapabilityState own = Linux.Capabilities.Get().Value;
        return new MachineInfo(
            Text("/proc/sys/kernel/osrelease"),
            Text("/proc/sys/kernel/version"),
            RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64
                ? "arm64"
                : "x86_64",
            Credentials.GetEffectiveUid(),
            cgroups.Ok ? cgroups.Value : null,
            Files.FAccessAt2(null, "/run/systemd/system", AccessModes.F_OK).Ok,
            [
                .. NamespaceKinds
                    .Each.Select(NamespaceKinds.NameOf)
                    .Where(name => Files.FAccessAt2(null, $"/proc/self/ns/{name}", AccessModes.F_OK).Ok)
                    .Order(StringComparer.Ordinal),
            ],
            Text("/sys/kernel/security/lsm").Split(',', StringSplitOptions.RemoveEmptyEntries),
            Text("/proc/sys/kernel/seccomp/actions_avail").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            [
                ("bounding", Linux.Capabilities.GetBoundingSet()),
                ("permitted", own.Permitted),
                ("effective", own.Effective),
                ("inheritable", own.Inheritable),
            ],
            [.. KernelFeatures.All.Select(KernelFeatures.Get)]
        );
    }

    private static string Text(string path) =>
        Files.ReadAllAt(null, path) is { Ok: true } text ? Encoding.UTF8.GetString(text.Value).Trim() : "";
}
