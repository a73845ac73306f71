using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Checkpoints;
using Tare.Runtime.Notification;
using Tare.Runtime.Resctrl;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>A container that exists. What changes it takes its lock; what only looks does not.</summary>
public sealed class Container : IDisposable
{
    private readonly StateDirectory state;
    private RuntimeSpec? configuration;

    private Container(StateDirectory state, ContainerRecord record)
    {
        this.state = state;
        Record = record;
    }

    /// <summary>What is known about it.</summary>
    public ContainerRecord Record { get; }

    /// <summary>Opens a container.</summary>
    /// <exception cref="ContainerException">There is none of this id, or its record is damaged.</exception>
    public static Container Open(StateStore store, ContainerId id)
    {
        StateDirectory directory = store.Open(id);
        try
        {
            return new Container(directory, directory.Read());
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Opens a container, and if some process is just making it waits until that is done or given up.</summary>
    /// <exception cref="ContainerException">There is none of this id, or its record is damaged.</exception>
    public static Container OpenMade(StateStore store, ContainerId id)
    {
        Container container = Open(store, id);
        if (container.Record.ProcessId != 0)
        {
            return container;
        }

        container.Dispose();
        store.WaitForMaker(id);
        return Open(store, id);
    }

    /// <summary>The configuration as it was when the container was created.</summary>
    public RuntimeSpec ReadConfiguration() => configuration ??= RuntimeSpecReader.Read(state.ReadConfiguration());

    /// <summary>The same, checked.</summary>
    /// <exception cref="SpecException">It has been damaged since.</exception>
    internal ValidatedSpec ReadSpec()
    {
        RuntimeSpec document = ReadConfiguration();
        return SpecValidator.Validate(
            document,
            new ValidationContext(Record.Bundle)
            {
                Rootless = !Privileges.IsRoot,
                SystemdCgroup = Record.Unit is not null,
                ConsoleSocket = document.Process is { Terminal: true },
                Detached = true,
            }
        );
    }

    /// <summary>The filter of its profile on system calls; null where it has none.</summary>
    internal SocketFilter[]? FilterOf(SeccompSpec? profile) => state.FilterOf(profile);

    /// <summary>Its first process; null if that has ended.</summary>
    public PidFd? TryOpenProcess() => ContainerProcess.TryOpen(Record);

    /// <summary>Its cgroups; the caller's.</summary>
    public ContainerCgroup OpenCgroup() => ContainerCgroup.Open(Record);

    /// <summary>Where it is in its life.</summary>
    public ContainerStatus ReadStatus()
    {
        using ContainerCgroup freezer = CgroupFreezer.Open(Record);
        return ReadStatus(freezer);
    }

    /// <summary>What <c>state</c> prints.</summary>
    public StateDocument ReadState()
    {
        ContainerStatus status = ReadStatus();
        return new StateDocument
        {
            OciVersion = Record.OciVersion,
            Id = Record.Id.Text,
            Pid = status == ContainerStatus.Stopped ? 0 : Record.ProcessId,
            Status = status,
            Bundle = Record.Bundle,
            Rootfs = Record.Rootfs,
            Created = Record.Created,
            Annotations = Record.Annotations,
            Owner = OwnerName(),
        };
    }

    /// <summary>Lets a created container execute its program, and returns when it does.</summary>
    /// <param name="notifySocket">
    /// A socket that is told when the container is ready, as NOTIFY_SOCKET names it; that, or the container's end, is waited
    /// for then.
    /// </param>
    /// <exception cref="ContainerException">It does not wait to be started, or its program cannot be executed.</exception>
    /// <exception cref="KernelException">Nobody reads what the socket is told.</exception>
    public void Start(string? notifySocket = null)
    {
        state.Lock();
        switch (ReadStatus())
        {
            case ContainerStatus.Created when Record.HasNoProcess:
                throw SpecValidator.MissingProcess();
            case ContainerStatus.Created when notifySocket is not null:
                StartAndForward(notifySocket);
                break;
            case ContainerStatus.Created:
                ContainerStart.Start(state, Record);
                break;
            case ContainerStatus.Running:
                throw new ContainerException("cannot start an already running container");
            case ContainerStatus.Stopped:
                throw new ContainerException("cannot start a container that has stopped");
            case var status:
                throw new ContainerException($"cannot start a container in the {SpecNames.Of(status)} state");
        }
    }

    /// <summary>Keeps others that change the container waiting until this object is disposed.</summary>
    internal void LockState() => state.Lock();

    /// <summary>Sends a signal to its first process.</summary>
    /// <exception cref="ContainerException">That has ended.</exception>
    public void Kill(Signal signal)
    {
        using PidFd process = TryOpenProcess() ?? throw new ContainerException("container not running");
        SysResult sent = PidFds.SendSignal(process, signal);
        if (sent.Errno == Errno.ESRCH)
        {
            throw new ContainerException("container not running");
        }

        sent.OrThrow("send a signal to container", Record.Id.Text);
        if (signal == Signal.SIGKILL)
        {
            using ContainerCgroup freezer = CgroupFreezer.Open(Record);
            CgroupFreezer.LetDie(freezer);
        }
    }

    /// <summary>Sends a signal to every process of it, if there is any.</summary>
    public void KillAll(Signal signal)
    {
        using ContainerCgroup cgroup = OpenCgroup();
        if (signal == Signal.SIGKILL)
        {
            CgroupSignals.KillAll(cgroup);
        }
        else
        {
            CgroupSignals.Send(cgroup, signal);
        }

        using PidFd? process = Record.Cgroups.Count == 0 ? TryOpenProcess() : null;
        if (process is not null)
        {
            PidFds.SendSignal(process, signal);
        }
    }

    /// <summary>Stops all processes of it.</summary>
    /// <exception cref="ContainerException">It is neither created nor running, or cannot be frozen.</exception>
    public void Pause()
    {
        state.Lock();
        using ContainerCgroup freezer = CgroupFreezer.Open(Record);
        ContainerStatus status = ReadStatus(freezer);
        if (status is not (ContainerStatus.Running or ContainerStatus.Created))
        {
            throw new ContainerException($"container not running: it is {SpecNames.Of(status)}");
        }

        CgroupFreezer.Freeze(freezer);
    }

    /// <summary>Lets its processes go on.</summary>
    /// <exception cref="ContainerException">It is not paused.</exception>
    public void Resume()
    {
        state.Lock();
        using ContainerCgroup freezer = CgroupFreezer.Open(Record);
        if (ReadStatus(freezer) != ContainerStatus.Paused)
        {
            throw new ContainerException("container not paused");
        }

        CgroupFreezer.Thaw(freezer);
    }

    /// <summary>Changes its limits; what is not given stays as it is, and so does everything if something is refused.</summary>
    /// <param name="resources">Limits of its cgroups.</param>
    /// <param name="rdt">Shares of caches and memory bandwidth, or null.</param>
    /// <exception cref="SpecException">A limit makes no sense.</exception>
    /// <exception cref="ContainerException">It has stopped, has no cgroup, or a controller is missing.</exception>
    /// <exception cref="KernelException">The kernel refuses a limit.</exception>
    public void Update(ResourcesSpec resources, IntelRdtSpec? rdt = null)
    {
        rdt = IntelRdtRules.Check(rdt);
        ResourcesSpec wanted = ResourceRules.Check(resources);
        state.Lock();
        if (ReadStatus() == ContainerStatus.Stopped)
        {
            throw new ContainerException("container not running");
        }

        if (Record.Cgroups.Count == 0)
        {
            throw new ContainerException($"container {Record.Id} has no cgroup of its own (create it as root)");
        }

        using ContainerCgroup cgroup = OpenCgroup();
        using ContainerResctrl? resctrl = ContainerResctrl.TryOpen(Record.Resctrl);
        if (rdt is not null && resctrl is null)
        {
            throw new ContainerException(
                $"container {Record.Id} has no class of service to change (create it with linux.intelRdt)"
            );
        }

        using Rollback undo = new();
        CgroupUpdate.Apply(cgroup, wanted, undo);
        if (rdt is not null)
        {
            resctrl!.Change(rdt, undo);
        }

        undo.Commit();
    }

    /// <summary>Saves its processes. Unless it is left running it is deleted then, as other runtimes do.</summary>
    /// <returns>The hooks after its end that failed, a sentence each.</returns>
    /// <exception cref="ContainerException">It does not run, or cannot be saved; it is as before.</exception>
    /// <exception cref="KernelException">A directory cannot be had.</exception>
    public IReadOnlyList<string> Checkpoint(CheckpointRequest request)
    {
        state.Lock();
        ContainerStatus status = ReadStatus();
        if (status is not (ContainerStatus.Running or ContainerStatus.Paused))
        {
            throw new ContainerException(
                $"container not running: cannot checkpoint a container in the {SpecNames.Of(status)} state"
            );
        }

        ContainerCheckpoint.Dump(Record, ReadSpec(), request, ListProcesses());
        return request.LeavesRunning || request.IsPreDump ? [] : ContainerDeletion.DeleteStopped(state, Record);
    }

    /// <summary>The numbers of its processes, in this process's PID namespace.</summary>
    public IReadOnlyCollection<int> ListProcesses()
    {
        if (Record.Cgroups.Count == 0)
        {
            return NamespaceProcesses.Of(Record);
        }

        using ContainerCgroup cgroup = OpenCgroup();
        return cgroup.ListProcesses();
    }

    /// <inheritdoc />
    public void Dispose() => state.Dispose();

    private ContainerStatus ReadStatus(ContainerCgroup freezer)
    {
        if (Record.ProcessId == 0)
        {
            return ContainerStatus.Creating;
        }

        using PidFd? process = TryOpenProcess();
        return process is null ? ContainerStatus.Stopped
            : CgroupFreezer.IsFrozen(freezer) ? ContainerStatus.Paused
            : state.WaitsForStart ? ContainerStatus.Created
            : ContainerStatus.Running;
    }

    // Whoever stops or removes the container need not wait for it to be ready.
    private void StartAndForward(string notifySocket)
    {
        using NotifyForwarding notification = state.OpenNotify(notifySocket);
        using PidFd? process = TryOpenProcess();
        ContainerStart.Start(state, Record);
        state.Unlock();
        if (process is not null)
        {
            notification.Forward(process, Record.ProcessId);
        }
    }

    // As runc names one that /etc/passwd does not know.
    private string OwnerName()
    {
        using RootDirectory? root = RootDirectory.TryOpen("/");
        return root?.NameOf(Record.Owner) ?? string.Create(CultureInfo.InvariantCulture, $"#{Record.Owner}");
    }
}
