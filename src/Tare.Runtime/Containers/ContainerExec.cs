using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Diagnosis;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>Adds programs to containers that have a first process.</summary>
public static class ContainerExec
{
    private static readonly CloneFlags[] Kinds =
    [
        CloneFlags.CLONE_NEWUSER,
        CloneFlags.CLONE_NEWNS,
        CloneFlags.CLONE_NEWPID,
        CloneFlags.CLONE_NEWUTS,
        CloneFlags.CLONE_NEWIPC,
        CloneFlags.CLONE_NEWNET,
        CloneFlags.CLONE_NEWCGROUP,
        CloneFlags.CLONE_NEWTIME,
    ];

    /// <summary>Runs a program in the container's namespaces and cgroups.</summary>
    /// <returns>Its process, a child of this process; the caller's.</returns>
    /// <exception cref="ContainerException">The container has stopped or is paused, or a step failed.</exception>
    /// <exception cref="SpecException">The process asks for what cannot be.</exception>
    public static LaunchedProcess Execute(Container container, ExecRequest request)
    {
        ValidatedProcess process = ProcessValidator.Validate(request.Process, "process");
        using PidFd first =
            container.TryOpenProcess() ?? throw new ContainerException("cannot exec in a stopped container");
        using ContainerCgroup cgroup = container.OpenCgroup();
        if (!request.IgnoresPaused && CgroupFreezer.IsFrozen(cgroup))
        {
            throw new ContainerException("cannot exec in a paused container (resume it, or use --ignore-paused)");
        }

        // Through the process's own root, whatever is mounted there.
        string root = $"/proc/{container.Record.ProcessId}/root";
        bool hasCgroup = container.Record.Cgroups.Count > 0;
        ExecTarget target = Target(container.Record.ProcessId) with
        {
            Seccomp = SeccompRules.Check(container.ReadConfiguration().Linux?.Seccomp),
        };
        LaunchContext context = new()
        {
            Root = RootView.Joined,
            Cgroup = hasCgroup ? CgroupPlanning.EntryOf(cgroup) : CgroupEntry.None,
            PreservedDescriptors = request.PreservedDescriptors,
            Privileged = Privileges.IsRoot,

            // A new one: the caller's keys are none of the container's.
            Keyring = $"_ses.{container.Record.Id}",
            SetgroupsDenied = DeniesSetgroups(container.Record.ProcessId),
            PresentLimits = target.Has(CloneFlags.CLONE_NEWUSER) ? PresentLimits.Of(process) : [],
            DefaultEnvironment = [HomeOf(root, process.Uid), .. request.DefaultEnvironment],
        };
        PlannedLaunch planned = ExecPlanner.Plan(process, target, context);
        LaunchHandles handles = new()
        {
            Cgroup = hasCgroup ? cgroup : null,
            ContainerProcess = first,
            ConsoleSocket = request.ConsoleSocket,
        };
        try
        {
            using PendingLaunch launch = ContainerLaunch.Begin(
                planned,
                handles,
                options: new LaunchOptions { KillLauncherBefore = request.KillLauncherBefore, FailAt = request.FailAt }
            );
            return launch.Complete();
        }
        catch (LaunchException e)
        {
            throw new ContainerException(ProgramDiagnosis.Describe(e, root, process), e);
        }
    }

    // In a user namespace that an ordinary user has made for one id.
    private static bool DeniesSetgroups(int processId) =>
        Files.ReadAllAt(null, $"/proc/{processId}/setgroups") is { Ok: true } text
        && text.Value.AsSpan().StartsWith("deny"u8);

    private static string HomeOf(string rootfs, uint uid)
    {
        using RootDirectory? root = RootDirectory.TryOpen(rootfs);
        return $"HOME={root?.HomeOf(uid) ?? "/"}";
    }

    // What a link under /proc/PID/ns says names the namespace.
    private static ExecTarget Target(int processId)
    {
        CloneFlags different = CloneFlags.None;
        foreach (CloneFlags kind in Kinds)
        {
            string name = NamespaceKinds.NameOf(kind);
            SysResult<BytePath> theirs = Files.ReadLinkAt(null, $"/proc/{processId}/ns/{name}");
            if (theirs.Errno == Errno.ENOENT && kind == CloneFlags.CLONE_NEWTIME)
            {
                // A kernel without time namespaces.
                continue;
            }

            BytePath own = Files.ReadLinkAt(null, $"/proc/self/ns/{name}").OrThrow("read", $"/proc/self/ns/{name}");
            if (theirs.OrThrow("read", $"/proc/{processId}/ns/{name}") != own)
            {
                different |= kind;
            }
        }

        return new ExecTarget(different);
    }
}
