using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Checkpoints.Protocol;
using Tare.Runtime.Containers;
using Tare.Runtime.Hooks;
using Tare.Runtime.NetDevices;
using Tare.Runtime.Planning;
using Tare.Runtime.Resctrl;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Checkpoints;

/// <summary>
/// Makes a container of what was saved, by CRIU. The order is that of <see cref="ContainerCreation"/>: at every instant
/// either nothing has been made, or it is on record who made what. docs/adr/0011-checkpoints.md.
/// </summary>
public sealed class ContainerRestore : IDisposable
{
    /// <summary>The log of a restore.</summary>
    private const string LogFile = "restore.log";

    private readonly RestoreRequest request;
    private readonly ValidatedSpec spec;
    private readonly byte[] configuration;
    private readonly List<(string Key, int Descriptor)> streams;
    private readonly FileFd nothing = Files.OpenAt(null, "/dev/null", OpenFlags.O_RDWR).OrThrow("open", "/dev/null");
    private readonly StateDirectory state;
    private readonly Rollback rollback = new();
    private readonly List<string> warnings = [];
    private ContainerRecord record;
    private readonly CreationCgroup cgroups;
    private ContainerResctrl? resctrl;
    private ContainerHooks? hooks;
    private SocketFd? console;
    private LaunchedProcess? restored;
    private NetDeviceMove? netDevices;

    private ContainerRestore(StateStore store, RestoreRequest request)
    {
        this.request = request;
        console = request.ConsoleSocket;
        configuration = ConfigurationFile.ReadBundle(request.Bundle);
        spec = SpecValidator.Validate(
            RuntimeSpecReader.Read(configuration),
            new ValidationContext(request.Bundle)
            {
                ConsoleSocket = request.ConsoleSocket is not null,
                Detached = request.Detached,
                SystemdCgroup = request.SystemdCgroup,
            }
        );
        ExternalMounts.RefuseUnsavable(spec);
        streams = StandardStreams.Read(request.Settings.ImagePath, nothing);
        warnings.AddRange(Abandoned.Sweep(store));
        state = store.Reserve(request.Id);

        // Last of all, once everything else is gone; due from when the first could have been run.
        rollback.Push(() => hooks?.RunPoststop());
        rollback.Push(state.Remove);
        record = ContainerRecord.Begin(request.Id, spec, request.Bundle, request.PidFile);
        cgroups = new CreationCgroup(
            new CgroupRequest(request.Id, request.SystemdCgroup) { IsLimitedLater = true },
            spec,
            rollback
        );
    }

    /// <summary>What was asked for and has no effect, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => [.. spec.Warnings, .. warnings];

    /// <summary>The program had a terminal, and nobody has said yet where its other side goes.</summary>
    public bool NeedsConsoleSocket => spec.Process.Terminal && console is null;

    /// <summary>Reads and checks the bundle and what lies beside the images, and reserves the id.</summary>
    /// <exception cref="ContainerException">The id is taken, the bundle is incomplete, there are no images.</exception>
    /// <exception cref="SpecException">The configuration asks for what cannot be.</exception>
    /// <exception cref="OciFormatException">The configuration cannot be read.</exception>
    /// <exception cref="KernelException">The kernel refuses something.</exception>
    public static ContainerRestore Begin(StateStore store, RestoreRequest request) => new(store, request);

    /// <summary>Says where the terminal's other side goes.</summary>
    /// <param name="socket">A connected socket. Not owned.</param>
    public void UseConsole(SocketFd socket) => console = socket;

    /// <summary>Makes the processes anew and lets them go on.</summary>
    /// <returns>The first process, a child of this process; owned by this object.</returns>
    /// <exception cref="ContainerException">CRIU is missing or has failed. Nothing is left.</exception>
    public LaunchedProcess Restore()
    {
        Directories.Make(request.Settings.WorkPath);
        if (request.Settings.LazyPages)
        {
            LazyPages.RequireServer(request.Settings);
        }

        Directories.OpenToRootOf(spec, request.Settings.ImagePath);
        ContainerCgroup groups = MakeGroups();
        state.WriteConfiguration(configuration);
        MountPoints.Make(spec);
        List<(string Key, NamespaceFd Namespace)> namespaces = ExternalNamespaces.OpenForRestore(spec.Namespaces);
        try
        {
            using CriuService criu = CriuService.Start(
                [nothing, .. namespaces.Select(ns => ns.Namespace)],
                (environment, kept) =>
                    CriuPlanner.ForRestore(
                        environment,
                        kept,
                        groups.Unit is null ? CgroupPlanning.EntryOf(groups) : CgroupEntry.Moved,
                        spec.Root.Path,
                        resctrl is null ? [] : [.. resctrl.Place.Names],
                        $"_ses.{request.Id}"
                    ),
                new LaunchHandles { Cgroup = groups, Resctrl = resctrl },
                cgroups.StartScope
            );

            // As CRIU sees them: it mounts something there, which it can in its own mount namespace only.
            using Directories directories = Directories.Open(request.Settings, $"/proc/{criu.ProcessId}/root");
            CriuOptions options = OptionsFor(groups, namespaces, directories);
            Finish(criu.Work(new CriuRequest(CriuRequestType.Restore) { Options = options }, Notified));
        }
        finally
        {
            foreach ((_, NamespaceFd ns) in namespaces)
            {
                ns.Dispose();
            }
        }

        state.Release();
        rollback.Commit();
        netDevices?.Dispose();
        return restored!;
    }

    /// <summary>Removes the container, whose first process has been waited for.</summary>
    /// <returns>The hooks after its end that failed, a sentence each.</returns>
    /// <exception cref="KernelException">A cgroup cannot be removed.</exception>
    public IReadOnlyList<string> Delete() =>
        ContainerDeletion.DeleteEnded(state, cgroups.Cgroup, resctrl, spec.Namespaces.Makes(CloneFlags.CLONE_NEWPID))
            ? hooks!.RunPoststop()
            : [];

    /// <summary>Undoes everything unless the container was restored.</summary>
    public void Dispose()
    {
        rollback.Dispose();
        netDevices?.Dispose();
        restored?.Dispose();
        cgroups.Dispose();
        resctrl?.Dispose();
        nothing.Dispose();
        state.Dispose();
    }

    private CriuOptions OptionsFor(
        ContainerCgroup groups,
        List<(string Key, NamespaceFd Namespace)> namespaces,
        Directories directories
    ) =>
        new()
        {
            Settings = request.Settings,
            ImagesDirectory = directories.Images.Number,
            WorkDirectory = directories.Work?.Number,
            LogFile = LogFile,
            Root = spec.Root.Path,
            AsSibling = true,
            EvasiveDevices = true,
            EmptyNamespaces = (uint)CloneFlags.CLONE_NEWNET,
            ConfigurationFile = CriuConfiguration.Choose(spec.Document.Annotations),
            Mounts = ExternalMounts.OfBundle(spec, groups),
            CgroupRoots = [.. groups.Places.Select(RootOf)],
            Inherited = [.. streams, .. namespaces.Select(ns => (ns.Key, ns.Namespace.Number))],
            Joined = ExternalNamespaces.ByPath(spec.Namespaces),
        };

    // A hierarchy of several controllers goes by the name of all of them.
    private static (string Controller, string Path) RootOf(CgroupPlace place)
    {
        const string Named = "name=";
        string name = place.Controller;
        if (name.Contains(Named, StringComparison.Ordinal))
        {
            name = name[(name.IndexOf(Named, StringComparison.Ordinal) + Named.Length)..];
        }

        return (name, $"/{place.Path}");
    }

    // On record before they are made: whoever finds the record can remove them.
    private ContainerCgroup MakeGroups()
    {
        if (spec.IntelRdt is { } rdt)
        {
            resctrl = ContainerResctrl.Survey(rdt, request.Id);
            record = record with { Resctrl = resctrl.Place };
        }

        record = cgroups.Make(record, state);
        resctrl?.Make(spec.IntelRdt!, rollback);
        rollback.Push(cgroups.KillAll);
        return cgroups.Cgroup!;
    }

    private void Notified(CriuResponse notification, IReadOnlyList<FileFd> descriptors)
    {
        switch (notification.Script)
        {
            case "setup-namespaces":
                PrepareNamespaces(notification.ProcessId);
                break;
            case "orphan-pts-master":
                SendTerminal(descriptors);
                break;
            case "post-restore":
                Record(notification.ProcessId);
                break;
        }
    }

    // The namespaces are there, and nothing is in them yet: a network has to be made before its connections are.
    private void PrepareNamespaces(int processId)
    {
        BeginHooks();
        state.Announce(record);
        if (spec.Namespaces.Makes(CloneFlags.CLONE_NEWNET))
        {
            using PidFd process = PidFds.Open(processId).OrThrow("open the container's process");
            PlannedLaunch planned = CriuPlanner.Loopback(spec);
            LaunchHandles handles = new() { ContainerProcess = process };
            using PendingLaunch launch = ContainerLaunch.Begin(planned, handles);
            launch.WaitForGate(planned.Gates.BeforeProgram!.Value);

            // A namespace that was joined has kept its devices.
            if (!spec.NetDevices.IsEmpty)
            {
                netDevices = new NetDeviceMove(processId);
                netDevices.Move(spec.NetDevices, rollback);
            }
        }

        hooks!.RunInRuntime(processId);
    }

    private void SendTerminal(IReadOnlyList<FileFd> descriptors)
    {
        if (console is null || descriptors.Count == 0)
        {
            throw new ContainerException(
                "the container has a terminal: give a --console-socket, or leave --detach out"
            );
        }

        DescriptorPassing
            .Send(console, "/dev/ptmx"u8, descriptors[0])
            .OrThrow("send the terminal's other side over the console socket");
    }

    // All processes are there and do not run yet.
    private void Record(int processId)
    {
        cgroups.Limit();
        BeginHooks();
        restored = LaunchedProcess.Adopt(PidFds.Open(processId).OrThrow("open the container's process"), processId);
        record = record with { ProcessId = processId, ProcessStartTime = ContainerProcess.StartOf(processId) };
        state.Write(record);
        if (request.PidFile is { } file)
        {
            rollback.Push(() => PidFile.Remove(file, processId));
            PidFile.Write(file, processId);
        }
    }

    private void BeginHooks()
    {
        record = record with { HasHooks = !spec.Hooks.IsEmpty };
        hooks ??= ContainerHooks.Of(record, spec);
    }

    private void Finish(CriuResponse response)
    {
        if (!response.Success || restored is null)
        {
            throw CriuLog.Failure(
                $"restore container {request.Id}",
                $"{request.Settings.LogDirectory}/{LogFile}",
                response
            );
        }
    }
}
