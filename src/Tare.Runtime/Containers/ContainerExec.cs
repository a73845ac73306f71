using System.Globalization;
using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Diagnosis;
using Tare.Runtime.Labels;
using Tare.Runtime.Planning;
using Tare.Runtime.Resctrl;
using Tare.Runtime.State;
using Tare.Runtime.Systemd;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>Adds programs to containers that have a first process.</summary>
public static class ContainerExec
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1);

    /// <summary>Runs a program in the container's namespaces and cgroups.</summary>
    /// <param name="container">The container.</param>
    /// <param name="request">The program.</param>
    /// <param name="warn">Told, before it runs, what was asked for and has no effect, a sentence each.</param>
    /// <returns>Its process, a child of this process; the caller's.</returns>
    /// <exception cref="ContainerException">The container has stopped or is paused, or a step failed.</exception>
    /// <exception cref="SpecException">The process asks for what cannot be.</exception>
    public static LaunchedProcess Execute(
        Container container,
        ExecRequest request,
        Action<IReadOnlyList<string>>? warn = null
    )
    {
        RuntimeSpec configuration = container.ReadConfiguration();
        ValidatedProcess process = ProcessValidator.Validate(
            WithLabelsOf(request.Process, configuration.Process),
            "process"
        );
        warn?.Invoke(process.Warnings);
        LabelChecks.Check(process, mountLabel: null);
        using PidFd first = container.TryOpenProcess() ?? throw Stopped();
        try
        {
            return Execute(container, request, configuration, process, first);
        }
        catch (KernelException e) when (e.Errno is Errno.ENOENT or Errno.ESRCH && Ends(first))
        {
            throw Stopped(e);
        }
    }

    // A process that ends lets its namespaces go before it tells of its end; its cgroups go once somebody removes them.
    private static bool Ends(PidFd process) =>
        Poll.Wait(process, PollEvents.POLLIN, LongestEnd) is { Ok: true, Value: not 0 };

    private static ContainerException Stopped(Exception? reason = null) =>
        new("cannot exec in a stopped container", reason);

    private static LaunchedProcess Execute(
        Container container,
        ExecRequest request,
        RuntimeSpec configuration,
        ValidatedProcess process,
        PidFd first
    )
    {
        using ContainerCgroup cgroup = container.OpenCgroup();
        if (!request.IgnoresPaused && CgroupFreezer.IsFrozen(cgroup))
        {
            throw new ContainerException("cannot exec in a paused container (resume it, or use --ignore-paused)");
        }

        using ContainerResctrl? resctrl = ContainerResctrl.TryOpen(container.Record.Resctrl);

        SystemdScope.ComeNear(cgroup);

        // Through the process's own root, whatever is mounted there.
        string root = $"/proc/{container.Record.ProcessId}/root";
        using ContainerCgroup? below =
            request.Cgroups.Count > 0 ? CgroupBelow.Open(container.Record, request.Cgroups) : null;
        ContainerCgroup? entered = below ?? (container.Record.Cgroups.Count > 0 ? cgroup : null);
        int processId = container.Record.ProcessId;
        ExecTarget target = TargetOf(processId, configuration, container.Record.RootPlace).Of(configuration);
        LaunchContext context = ContextOf(container.Record.Id, processId, target, process, entered) with
        {
            TerminalSettings = request.TerminalSettings,
            PreservedDescriptors = request.PreservedDescriptors,
            DefaultEnvironment = [HomeOf(root, process.Uid), .. request.DefaultEnvironment],
            Filter = ImmutableCollectionsMarshal.AsImmutableArray(container.FilterOf(target.Seccomp) ?? []),
            ResctrlGroups = resctrl is null ? [] : [.. resctrl.Place.Names],
        };
        using SeccompListener? listener = SeccompListener.Open(target.Seccomp);
        LaunchHandles handles = new()
        {
            Cgroup = entered,
            Resctrl = resctrl,
            ContainerProcess = first,
            ConsoleSocket = request.ConsoleSocket,
            ListenerSocket = listener?.Inside,
        };
        try
        {
            return Launch(
                process,
                context,
                target,
                handles,
                new LaunchOptions { KillLauncherBefore = request.KillLauncherBefore, FailAt = request.FailAt },
                launch => listener?.HandOn(launch, _ => container.ReadState().ForOthers())
            );
        }
        catch (LaunchException e)
        {
            // The container's end took the process along that was to be in it, or its namespaces were gone before.
            throw e.Failure is { Ended: not null } or { Errno: Errno.ESRCH } && Ends(first)
                ? Stopped(e)
                : new ContainerException(ProgramDiagnosis.Describe(e, root, process), e);
        }
    }

    /// <summary>What every program that is added to a container is launched with, whatever it is added for.</summary>
    /// <param name="id">The container's name.</param>
    /// <param name="processId">Its first process.</param>
    /// <param name="target">Its namespaces.</param>
    /// <param name="process">The program.</param>
    /// <param name="cgroup">The cgroups that the program enters, or null.</param>
    internal static LaunchContext ContextOf(
        ContainerId id,
        int processId,
        ExecTarget target,
        ValidatedProcess process,
        ContainerCgroup? cgroup
    ) =>
        new()
        {
            Root = RootView.Joined,
            Cgroup = cgroup is null ? CgroupEntry.None : CgroupPlanning.EntryOf(cgroup),
            Privileged = Privileges.IsRoot,

            // A new one: the caller's keys are none of the container's.
            Keyring = $"_ses.{id}",
            IgnoredSignals = Signals.GetIgnored(),
            HasAttributeCalls = SecurityModules.HasAttributeCalls,
            SetgroupsDenied = Privileges.AreGroupsFixed($"{processId}"),
            PresentLimits = target.Has(CloneFlags.CLONE_NEWUSER) ? PresentLimits.Of(process) : [],
        };

    /// <summary>Launches a program in a container and returns once it is executed.</summary>
    /// <param name="process">The program.</param>
    /// <param name="context">What it is launched with.</param>
    /// <param name="target">The container.</param>
    /// <param name="handles">What the plan is handed.</param>
    /// <param name="options">For tests.</param>
    /// <param name="meanwhile">What is to be done while the child is busy.</param>
    /// <exception cref="LaunchException">A step failed.</exception>
    internal static LaunchedProcess Launch(
        ValidatedProcess process,
        LaunchContext context,
        ExecTarget target,
        LaunchHandles handles,
        LaunchOptions? options = null,
        Action<PendingLaunch>? meanwhile = null
    )
    {
        PlannedLaunch planned = ExecPlanner.Plan(process, target, context);
        using PendingLaunch launch = ContainerLaunch.Begin(planned, handles, options: options);
        meanwhile?.Invoke(launch);
        return launch.Complete();
    }

    // As runc and crun: what confines the container confines what is added to it, unless something else is asked for.
    private static ProcessSpec WithLabelsOf(ProcessSpec process, ProcessSpec? own) =>
        process with
        {
            ApparmorProfile = process.ApparmorProfile ?? own?.ApparmorProfile,
            SelinuxLabel = process.SelinuxLabel ?? own?.SelinuxLabel,
        };

    private static string HomeOf(string rootfs, uint uid)
    {
        using RootDirectory? root = RootDirectory.TryOpen(rootfs);
        return $"HOME={root?.HomeOf(uid) ?? "/"}";
    }

    /// <summary>The namespaces of a process that are not this one's: what a link under /proc/PID/ns says names them.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="configuration">
    /// Whose container's first process it is: those that were made for it are others, and need not be looked at. Null: all are.
    /// </param>
    /// <param name="rootPlace">See <see cref="ExecTarget.RootPlace"/>.</param>
    internal static ExecTarget TargetOf(int processId, RuntimeSpec? configuration = null, string? rootPlace = null)
    {
        CloneFlags different = MadeFor(configuration);
        string theirDirectory = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/ns";
        using DirectoryFd theirLinks = OpenLinks(theirDirectory);
        using DirectoryFd ownLinks = OpenLinks("/proc/self/ns");
        foreach (CloneFlags kind in NamespaceKinds.Each)
        {
            if ((different & kind) != 0)
            {
                continue;
            }

            string name = NamespaceKinds.NameOf(kind);
            SysResult<BytePath> theirs = Files.ReadLinkAt(theirLinks, name);
            if (theirs.Errno == Errno.ENOENT && kind == CloneFlags.CLONE_NEWTIME)
            {
                // A kernel without time namespaces.
                continue;
            }

            BytePath own = Files.ReadLinkAt(ownLinks, name).OrThrow("read", $"/proc/self/ns/{name}");
            if (theirs.OrThrow("read", $"{theirDirectory}/{name}") != own)
            {
                different |= kind;
            }
        }

        return new ExecTarget(different) { RootPlace = rootPlace };

        static DirectoryFd OpenLinks(string path) =>
            Files.OpenDirectoryAt(null, path, OpenFlags.O_PATH).OrThrow("open", path);
    }

    // A user namespace is looked at whatever the configuration says: to join one's own is refused.
    private static CloneFlags MadeFor(RuntimeSpec? configuration)
    {
        CloneFlags made = CloneFlags.None;
        IReadOnlyList<NamespaceSpec> namespaces = configuration?.Linux?.Namespaces ?? [];
        for (int i = 0; i < namespaces.Count; i++)
        {
            made |= namespaces[i].Path is null ? NamespaceRules.FlagOf(namespaces[i].Type) : CloneFlags.None;
        }

        return made & ~CloneFlags.CLONE_NEWUSER;
    }
}
