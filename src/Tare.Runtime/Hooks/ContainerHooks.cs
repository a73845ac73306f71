using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Containers;
using Tare.Runtime.Planning;
using Tare.Runtime.State;
using Tare.Runtime.Systemd;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Hooks;

/// <summary>
/// The hooks of one container. Those of a kind run one after the other; the first that fails ends it, except after the
/// container's own end. Which runs where, and why there: docs/adr/0006-hooks.md.
/// </summary>
internal sealed class ContainerHooks
{
    private readonly ContainerRecord record;
    private readonly ValidatedHooks hooks;
    private readonly ValidatedProcess? process;
    private readonly RuntimeSpec? configuration;

    private ContainerHooks(
        ContainerRecord record,
        ValidatedHooks hooks,
        ValidatedProcess? process,
        RuntimeSpec? configuration = null
    )
    {
        this.record = record;
        this.hooks = hooks;
        this.process = process;
        this.configuration = configuration;
    }

    /// <summary>Some are run from inside.</summary>
    public bool HaveStartContainer => hooks.Has(HookKind.StartContainer);

    /// <summary>The hooks of a container that is being made.</summary>
    public static ContainerHooks Of(ContainerRecord record, ValidatedSpec spec) =>
        new(record, spec.Hooks, spec.Process, spec.Document);

    /// <summary>The hooks of a container that has been made, by its own copy of config.json.</summary>
    public static ContainerHooks Of(StateDirectory state, ContainerRecord record)
    {
        if (!record.HasHooks)
        {
            return new ContainerHooks(record, ValidatedHooks.None, null);
        }

        RuntimeSpec spec = RuntimeSpecReader.Read(state.ReadConfiguration());
        return new ContainerHooks(
            record,
            HookRules.Check(spec.Hooks),
            spec.Process is { } process ? ProcessValidator.Validate(process, "process") : null,
            spec
        );
    }

    /// <summary>As <see cref="Of(StateDirectory, ContainerRecord)"/>; of a damaged configuration, none.</summary>
    public static ContainerHooks OfDamaged(StateDirectory state, ContainerRecord record)
    {
        try
        {
            return Of(state, record);
        }
        catch (Exception e) when (e is KernelException or OciFormatException or SpecException)
        {
            return new ContainerHooks(record, ValidatedHooks.None, null);
        }
    }

    /// <summary>Runs the hooks that come before the container's root is changed.</summary>
    /// <param name="processId">The container's process, which waits with its namespaces and mounts made.</param>
    /// <param name="namespaces">Its namespaces that are not the runtime's.</param>
    /// <exception cref="ContainerException">A hook failed.</exception>
    public void RunBeforeRoot(int processId, CloneFlags namespaces)
    {
        RunInRuntime(processId);
        if (!hooks.Has(HookKind.CreateContainer))
        {
            return;
        }

        using PidFd container = PidFds.Open(processId).OrThrow("open the container's process");
        byte[] state = State(ContainerStatus.Creating, IdInside(processId));
        ExecTarget target = new(namespaces);
        foreach (ValidatedHook hook in hooks.Of(HookKind.CreateContainer))
        {
            PlannedLaunch planned = HookPlanner.InContainer(hook, target, Privileges.IsRoot);
            HookRun.Run(
                hook,
                state,
                streams => Launch(planned, new LaunchHandles { Streams = streams.Given, ContainerProcess = container })
            );
        }
    }

    /// <summary>Runs those of them that run where the runtime does. The others do nothing for a container that is restored.</summary>
    /// <param name="processId">The container's process, whose namespaces are made.</param>
    /// <exception cref="ContainerException">A hook failed.</exception>
    public void RunInRuntime(int processId)
    {
        RunInRuntime(HookKind.Prestart, ContainerStatus.Creating, processId);
        RunInRuntime(HookKind.CreateRuntime, ContainerStatus.Creating, processId);
    }

    /// <summary>Runs the hooks that come from inside: as the container's program would run, with all that confines it.</summary>
    /// <param name="first">The container's process, which waits for <c>start</c>.</param>
    /// <param name="processId">Its number.</param>
    /// <param name="cgroup">Its cgroups, or null.</param>
    /// <exception cref="ContainerException">A hook failed.</exception>
    public void RunStartContainer(PidFd first, int processId, ContainerCgroup? cgroup)
    {
        if (!HaveStartContainer)
        {
            return;
        }

        if (cgroup is not null)
        {
            SystemdScope.ComeNear(cgroup);
        }

        byte[] state = State(ContainerStatus.Created, IdInside(processId));
        ExecTarget target = ContainerExec.TargetOf(processId, configuration, record.RootPlace).Of(configuration!);
        foreach (ValidatedHook hook in hooks.Of(HookKind.StartContainer))
        {
            ValidatedProcess program = process! with
            {
                Program = hook.Path,
                Args = hook.Args,
                Env = hook.Env,
                Cwd = ContainerPath.Root,
                Terminal = false,
                ConsoleSize = null,
            };
            LaunchHandles handles = new() { Cgroup = cgroup, ContainerProcess = first };
            HookRun.Run(hook, state, streams => LaunchInside(program, processId, target, handles, streams));
        }
    }

    private LaunchedProcess LaunchInside(
        ValidatedProcess program,
        int processId,
        ExecTarget target,
        LaunchHandles handles,
        HookStreams streams
    )
    {
        using SeccompListener? listener = SeccompListener.Open(target.Seccomp);
        LaunchContext context = ContainerExec.ContextOf(record.Id, processId, target, program, handles.Cgroup) with
        {
            StreamsGiven = true,
            DieWithLauncher = true,
        };
        return ContainerExec.Launch(
            program,
            context,
            target,
            handles with
            {
                Streams = streams.Given,
                ListenerSocket = listener?.Inside,
            },
            meanwhile: launch => listener?.HandOn(launch, _ => StateOf(ContainerStatus.Created, processId))
        );
    }

    /// <summary>Runs the hooks that come once the program runs.</summary>
    /// <exception cref="ContainerException">A hook failed.</exception>
    public void RunPoststart(int processId) => RunInRuntime(HookKind.Poststart, ContainerStatus.Running, processId);

    /// <summary>Runs the hooks that come once the container has been deleted: each, whatever becomes of the others.</summary>
    /// <returns>What failed, a sentence each.</returns>
    public IReadOnlyList<string> RunPoststop()
    {
        List<string> failures = [];
        foreach (ValidatedHook hook in hooks.Of(HookKind.Poststop))
        {
            try
            {
                RunInRuntime(hook, State(ContainerStatus.Stopped, 0));
            }
            catch (Exception e) when (e is ContainerException or KernelException)
            {
                failures.Add(e.Message);
            }
        }

        return failures;
    }

    private void RunInRuntime(HookKind kind, ContainerStatus status, int processId)
    {
        foreach (ValidatedHook hook in hooks.Of(kind))
        {
            RunInRuntime(hook, State(status, processId));
        }
    }

    private void RunInRuntime(ValidatedHook hook, byte[] state) =>
        HookRun.Run(
            hook,
            state,
            streams => Launch(HookPlanner.InRuntime(hook, record.Bundle), new LaunchHandles { Streams = streams.Given })
        );

    private static LaunchedProcess Launch(PlannedLaunch planned, LaunchHandles handles)
    {
        using PendingLaunch launch = ContainerLaunch.Begin(planned, handles);
        return launch.Complete();
    }

    private byte[] State(ContainerStatus status, int processId) => StateOf(status, processId).Write();

    private StateDocument StateOf(ContainerStatus status, int processId) =>
        new()
        {
            OciVersion = record.OciVersion,
            Id = record.Id.Text,
            Pid = processId,
            Status = status,
            Bundle = record.Bundle,
            Annotations = record.Annotations,
        };

    // As the container's process sees itself, which is how a hook beside it sees it.
    private static int IdInside(int processId) =>
        ProcStatus.Read(processId) is { Ok: true, Value.NamespaceProcessIds: [.., var inside] } ? inside : processId;
}
