using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.CopyUp;
using Tare.Runtime.Diagnosis;
using Tare.Runtime.Hooks;
using Tare.Runtime.Labels;
using Tare.Runtime.NetDevices;
using Tare.Runtime.Notification;
using Tare.Runtime.Planning;
using Tare.Runtime.Resctrl;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>
/// Makes a container of a bundle. The order is such that at every instant either nothing has been made, or it is on
/// record who made what: state directory, announcement, cgroups, process, record.
/// </summary>
public sealed class ContainerCreation : IDisposable
{
    private CreateRequest request;
    private readonly StateDirectory state;
    private ValidatedSpec spec;
    private SocketFd? console;
    private readonly Rollback rollback = new();
    private readonly List<string> warnings = [];
    private readonly byte[] configuration;
    private PlannedLaunch? planned;
    private CreationCgroup? cgroups;
    private ContainerRecord record;
    private ContainerHooks? hooks;
    private SeccompListener? listener;
    private NetDeviceMove? netDevices;
    private ContainerResctrl? resctrl;

    private ContainerCreation(StateStore store, CreateRequest request, byte[] configuration)
    {
        this.request = request;
        this.configuration = configuration;
        console = request.ConsoleSocket;
        RuntimeSpec document = RuntimeSpecReader.Read(configuration);
        if (request.NotifySocket is not null)
        {
            string folder = Path.Combine(HostPath.FromHere(store.PathOf(request.Id)), NotifySocket.Folder);
            document = NotifySocket.Extend(document, folder);
        }

        spec = SpecValidator.Validate(
            document,
            new ValidationContext(request.Bundle)
            {
                Rootless = !Privileges.IsRoot,
                ConsoleSocket = request.ConsoleSocket is not null,
                Detached = request.Detached,
                WaitsForStart = request.WaitsForStart,
                SystemdCgroup = request.SystemdCgroup,
            }
        );
        LabelChecks.Check(spec.Process, spec.MountLabel);
        warnings.AddRange(Abandoned.Sweep(store));
        state = store.Reserve(request.Id);

        // Last of all, once everything else is gone; due from when the first could have been run.
        rollback.Push(() => hooks?.RunPoststop());
        rollback.Push(state.Remove);
        try
        {
            resctrl = spec.IntelRdt is { } rdt ? ContainerResctrl.Survey(rdt, request.Id) : null;
            record = ContainerRecord.Begin(request.Id, spec, request.Bundle, request.PidFile) with
            {
                RootPlace = spec.Namespaces.SharesMounts ? state.MakeRootPlace() : null,
                HasNoProcess = document.Process is null,
                Resctrl = resctrl?.Place,
            };
            cgroups = new CreationCgroup(CgroupRequest.Of(request), spec, rollback);
            record = cgroups.Make(record, state);
            if (request.NotifySocket is not null)
            {
                state.MakeNotifyFolder();
            }

            resctrl?.Make(spec.IntelRdt!, rollback);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What was asked for and has no effect, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => [.. spec.Warnings, .. warnings, .. cgroups!.Warnings];

    /// <summary>Reads and checks the bundle, reserves the id, makes the cgroups with their limits.</summary>
    /// <exception cref="ContainerException">The id is taken, the bundle is incomplete, a cgroup cannot be had.</exception>
    /// <exception cref="SpecException">The configuration asks for what cannot be.</exception>
    /// <exception cref="OciFormatException">The configuration cannot be read.</exception>
    /// <exception cref="KernelException">The kernel refuses something.</exception>
    public static ContainerCreation Begin(StateStore store, CreateRequest request) =>
        new(
            store,
            request,
            request.Configuration is { } file
                ? ConfigurationFile.Read(file, file, "name a file like a bundle's config.json")
                : ConfigurationFile.ReadBundle(request.Bundle)
        );

    /// <summary>The program gets a terminal, and nobody has said yet where its other side goes.</summary>
    public bool NeedsConsoleSocket => spec.Process.Terminal && console is null;

    /// <summary>Says where the terminal's other side goes.</summary>
    /// <param name="socket">A connected socket. Not owned.</param>
    /// <param name="size">The terminal's size where the configuration gives none.</param>
    /// <param name="settings">The settings that it begins with; null are the kernel's.</param>
    public void UseConsole(SocketFd socket, ConsoleSizeSpec? size, TermiosLinux? settings)
    {
        console = socket;
        request = request with { TerminalSettings = settings };
        spec = spec with { Process = spec.Process with { ConsoleSize = spec.Process.ConsoleSize ?? size } };
    }

    /// <summary>
    /// What hears that the container is ready, from <see cref="Run"/> on; null where nobody wants to know.
    /// </summary>
    public NotifyForwarding? Notification { get; private set; }

    /// <summary>Launches the container up to where it waits for <c>start</c>. It stays when this process ends.</summary>
    /// <exception cref="ContainerException">A step failed. Nothing is left.</exception>
    public void Create()
    {
        (FileFd start, FileFd report) = state.MakeFifos();
        using (start)
        using (report)
        using (PendingLaunch launch = Launch(new LaunchHandles { StartFifo = start, FailureReport = report }))
        {
            Publish(launch);
            HandListenerOn(launch, report);
            if (spec.Hooks.Has(HookKind.StartContainer))
            {
                // Until then an ordinary user's start could not join it.
                Explained(launch.WaitForSeal);
            }

            launch.Leave();
        }

        Keep();
    }

    /// <summary>Launches the container and executes its program. It stays when this process ends.</summary>
    /// <returns>The first process, a child of this process; the caller's.</returns>
    /// <exception cref="ContainerException">A step failed. Nothing is left.</exception>
    public LaunchedProcess Run()
    {
        Notification = request.NotifySocket is { } socket ? state.OpenNotify(socket) : null;
        using FileFd? start = spec.Hooks.Has(HookKind.StartContainer) ? MakeStart() : null;
        using PendingLaunch launch = Launch(new LaunchHandles { StartFifo = start });
        bool published = planned!.Gates.BeforeProgram is not null;
        if (published)
        {
            Publish(launch);
        }

        // While the child is busy. Whoever comes in between waits (Container.OpenMade).
        bool recorded = published || !planned.Plan.Spawns;
        if (!published && recorded)
        {
            Record(launch.ProcessId);
        }

        HandListenerOn(launch, report: null);
        if (start is not null)
        {
            StartFromInside(launch, start);
        }

        LaunchedProcess process = Explained(launch.Complete);
        Settle(process, recorded);
        Keep();
        return process;
    }

    /// <summary>Removes the container, whose first process has been waited for.</summary>
    /// <returns>The hooks after its end that failed, a sentence each.</returns>
    /// <exception cref="KernelException">A cgroup cannot be removed.</exception>
    public IReadOnlyList<string> Delete() =>
        ContainerDeletion.DeleteEnded(state, Cgroup, resctrl, spec.Namespaces.Makes(CloneFlags.CLONE_NEWPID))
            ? hooks!.RunPoststop()
            : [];

    /// <summary>Undoes everything unless the container was made.</summary>
    public void Dispose()
    {
        rollback.Dispose();
        listener?.Dispose();
        netDevices?.Dispose();
        resctrl?.Dispose();
        Notification?.Dispose();
        cgroups?.Dispose();
        state.Dispose();
    }

    private ContainerCgroup? Cgroup => cgroups!.Cgroup;

    // A child that ends before has either said so, which whoever waits for it sees, or written it where start would look.
    private void HandListenerOn(PendingLaunch launch, FileFd? report)
    {
        if (listener is null || listener.HandOn(launch, CreatingState) || report is null)
        {
            return;
        }

        Explained(launch.WaitForSeal);
        throw ContainerStart.FailureIn(report, planned!.Plan) is { } failure
            ? Explained<ContainerException>(() => throw failure)
            : new ContainerException("the container ended before its seccomp filter was loaded");
    }

    private StateDocument CreatingState(int processId) =>
        new()
        {
            OciVersion = record.OciVersion,
            Id = record.Id.Text,
            Pid = processId,
            Status = ContainerStatus.Creating,
            Bundle = record.Bundle,
            Annotations = record.Annotations,
        };

    private PendingLaunch Launch(LaunchHandles handles)
    {
        UserNamespaceMaps? maps = BundlePlan.MapsOf(spec);
        planned = BundlePlan.Of(spec, Cgroup, request, state.FilterOf(spec.Seccomp), record.RootPlace);
        LaunchOptions options = new() { KillLauncherBefore = request.KillLauncherBefore, FailAt = request.FailAt };
        listener = SeccompListener.Open(spec.Seccomp);
        using CopyUps? copies = planned.CopyUps.IsEmpty ? null : new CopyUps(planned.CopyUps, spec);
        handles = handles with
        {
            Cgroup = Cgroup,
            Resctrl = resctrl,
            ConsoleSocket = console,
            Mark = state.Mark,
            ListenerSocket = listener?.Inside,
            CopyUpSocket = copies?.ChildsEnd,
        };
        PendingLaunch launch = Explained(() =>
            ContainerLaunch.Begin(planned, handles, maps, options, cgroups!.StartScope)
        );
        try
        {
            // While the child is busy.
            state.WriteConfiguration(configuration);
            if (planned.Gates.NetDevices is { } bare)
            {
                Explained(() => launch.WaitForGate(bare));
                netDevices = new NetDeviceMove(launch.ProcessId);
                netDevices.Move(spec.NetDevices, rollback);
                launch.OpenGate();
            }

            if (copies is not null)
            {
                Explained(() => copies.Run(launch));
            }

            if (planned.Gates.BeforeRoot is { } hooked)
            {
                Explained(() => launch.WaitForGate(hooked));
                RunBeforeRoot(launch);
                launch.OpenGate();
            }

            if (planned.Gates.BeforeProgram is { } gate)
            {
                Explained(() => launch.WaitForGate(gate));
            }

            return launch;
        }
        catch
        {
            launch.Dispose();
            throw;
        }
    }

    // From here on what is left behind is a container whose hooks have been run.
    private void RunBeforeRoot(PendingLaunch launch)
    {
        BeginHooks();
        state.Announce(record);
        launch.OpenToJoining();
        hooks!.RunBeforeRoot(launch.ProcessId, spec.Namespaces.All & ~CloneFlags.CLONE_NEWTIME);
    }

    private void BeginHooks()
    {
        record = record with { HasHooks = !spec.Hooks.IsEmpty };
        hooks ??= ContainerHooks.Of(record, spec);
    }

    // It is made: nothing is to be undone, and nothing to be held for that.
    private void Keep()
    {
        state.Release();
        rollback.Commit();
        netDevices?.Dispose();
    }

    private FileFd MakeStart()
    {
        (FileFd start, FileFd report) = state.MakeFifos();
        report.Dispose();
        return start;
    }

    // Who runs a container in one go does what start would do.
    private void StartFromInside(PendingLaunch launch, FileFd start)
    {
        Explained(launch.WaitForSeal);
        using (PidFd process = PidFds.Open(launch.ProcessId).OrThrow("open the container's process"))
        {
            hooks!.RunStartContainer(process, launch.ProcessId, Cgroup);
        }

        Files.Write(start, "!"u8).OrThrow("start container", request.Id.Text);
        state.RemoveFifos();
    }

    // The container is on record and whoever asked knows its process before its program can run.
    private void Publish(PendingLaunch launch)
    {
        int processId = launch.ProcessId;
        Record(processId);
        if (request.PidFile is { } file)
        {
            rollback.Push(() => PidFile.Remove(file, processId));
        }

        using PidFd process = PidFds.Open(processId).OrThrow("open the container's process");
        PublishedProcess.Publish(process, processId, request.PidFile, request.PidFdSocket, "standard");
        launch.OpenGate();
    }

    // The program runs already; it must not where it cannot be put on record, or a hook fails.
    private void Settle(LaunchedProcess process, bool recorded)
    {
        try
        {
            if (!recorded)
            {
                Record(process.ProcessId);
            }

            hooks!.RunPoststart(process.ProcessId);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            if (Cgroup is { } cgroup)
            {
                CgroupSignals.KillAll(cgroup);
            }

            throw;
        }
    }

    private void Record(int processId)
    {
        BeginHooks();
        state.Write(
            record with
            {
                ProcessId = processId,
                ProcessStartTime = ContainerProcess.StartOf(processId),
                Remaining = request.WaitsForStart ? StepsBehind(planned!.Plan) : [],
            }
        );
    }

    private static List<RemainingStep> StepsBehind(LaunchPlan plan)
    {
        List<RemainingStep> steps = [];
        int gate = plan.Steps.Select((step, i) => step is GateStep ? i : -1).Max();
        for (int i = gate + 1; i < plan.Steps.Length; i++)
        {
            steps.Add(new RemainingStep(i, plan.Steps[i].Words));
        }

        return steps;
    }

    private void Explained(Action action) =>
        Explained(() =>
        {
            action();
            return true;
        });

    private T Explained<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (LaunchException e)
        {
            string message = ProgramDiagnosis.Describe(e, spec.Root.Path, spec.Process);
            throw new ContainerException(
                e.Failure.Errno == Errno.ENOMEM && spec.Resources?.Memory?.Limit is > 0 and var limit
                    ? $"{message} (linux.resources.memory.limit: {limit} bytes may be too few)"
                    : message,
                e
            );
        }
    }
}
