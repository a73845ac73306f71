using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>
/// Any process, child or not, by a descriptor: whatever becomes of its number, this is that process or none. Owns the
/// descriptor; disposing it ends nothing. Thread-safe. pidfd_open(2).
/// </summary>
public sealed class ProcessHandle : IDisposable
{
    private readonly string name;

    private ProcessHandle(PidFd process, string name)
    {
        Handle = process;
        this.name = name;
    }

    /// <summary>The descriptor. Stays this object's.</summary>
    public PidFd Handle { get; }

    /// <summary>Its number in this process's PID namespace; 0 where it has none there, -1 once it was reaped.</summary>
    public int ProcessId => PidFds.GetProcessId(Handle) is { Ok: true } number ? number.Value : -1;

    /// <summary>It has ended.</summary>
    /// <exception cref="KernelException">ENOMEM: it cannot be asked.</exception>
    public bool HasExited =>
        Poll.Wait(Handle, timeout: TimeSpan.Zero).OrThrow("look at process", name) != PollEvents.None;

    /// <summary>A number that no other process has had or will have while the machine is up; Linux 6.9. The inode of its descriptor.</summary>
    /// <exception cref="KernelException">It cannot be told.</exception>
    public ulong UniqueId => Files.StatX(Handle, StatXMask.STATX_INO).OrThrow("look at process", name).Inode;

    /// <summary>Opens a process.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not above zero.</exception>
    /// <exception cref="KernelException">ESRCH: there is none. EINVAL: the number is a thread's that leads no process.</exception>
    public static ProcessHandle Open(int processId) => Open(processId, PidFdFlags.None, "process");

    /// <summary>Opens a thread; signals go to it alone, and waiting waits for its end. PIDFD_THREAD, Linux 6.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not above zero.</exception>
    /// <exception cref="KernelException">ESRCH: there is none. EINVAL: the kernel is too old.</exception>
    public static ProcessHandle OpenThread(int threadId) => Open(threadId, PidFdFlags.PIDFD_THREAD, "thread");

    /// <summary>
    /// Opens the process that has a <see cref="UniqueId"/>: what a supervisor keeps, so that it finds its processes again after it
    /// was restarted itself, whoever has their numbers by then. The ids begin anew with the machine: keep
    /// /proc/sys/kernel/random/boot_id beside them. Linux 6.14.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is zero.</exception>
    /// <exception cref="KernelException">
    /// ESRCH: there is none any more, or it is outside this process's PID namespace. EOPNOTSUPP: the kernel is too old.
    /// </exception>
    public static ProcessHandle OpenByUniqueId(ulong uniqueId)
    {
        ArgumentOutOfRangeException.ThrowIfZero(uniqueId);
        SysResult<PidFd> opened = PidFds.OpenByUniqueId(uniqueId);
        SysResult<PidFd> told = opened.Errno == Errno.ESTALE ? new(null!, Errno.ESRCH) : opened;
        return new(
            told.OrThrow(
                "open process by its unique id",
                $"{uniqueId}",
                told.Errno == Errno.EOPNOTSUPP ? "needs Linux 6.14" : null
            ),
            $"with unique id {uniqueId}"
        );
    }

    /// <summary>
    /// A namespace that it is in; <see cref="Namespaces.IdOf"/> tells its number, by which <see cref="Namespaces.OpenById"/> opens
    /// it again. The caller disposes it.
    /// </summary>
    /// <param name="kind">One CLONE_NEW flag.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    /// <exception cref="KernelException">ESRCH: it has ended. EPERM, EACCES: it is not this user's to look into.</exception>
    public NamespaceFd OpenNamespace(CloneFlags kind)
    {
        string what = NamespaceKinds.NameOf(kind);
        return Namespaces.Open(Handle, ProcessId, kind).OrThrow($"open the {what} namespace of process", name);
    }

    /// <summary>Who it is.</summary>
    /// <exception cref="KernelException">ESRCH: it was reaped. ENOTTY or EINVAL: the kernel is older than Linux 6.13.</exception>
    public ProcessIdentity ReadIdentity() =>
        ProcessIdentity.From(PidFds.GetInfo(Handle).OrThrow("read the identity of process", name));

    /// <summary>Sends a signal.</summary>
    /// <param name="signal">The signal; <see cref="Signal.None"/> only asks.</param>
    /// <param name="scope">Whom to; more than the descriptor's own needs Linux 6.9.</param>
    /// <returns>False where it has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal or scope.</exception>
    /// <exception cref="KernelException">EPERM: it is another user's.</exception>
    public bool Signal(Signal signal, SignalScope scope = SignalScope.Descriptor)
    {
        SignalChecks.Check(signal, allowsNone: true);
        if (!Enum.IsDefined(scope))
        {
            throw new ArgumentOutOfRangeException(nameof(scope), scope, "there is no such scope");
        }

        SysResult sent =
            scope == SignalScope.Descriptor
                ? PidFds.SendSignal(Handle, signal)
                : PidFds.SendSignal(Handle, signal, scope);
        if (sent.Errno == Errno.ESRCH)
        {
            return false;
        }

        sent.OrThrow($"send {SignalNames.NameOf(signal)} to process", name);
        return true;
    }

    /// <summary>Kills it. SIGKILL.</summary>
    /// <returns>False where it has ended.</returns>
    /// <exception cref="KernelException">EPERM: it is another user's.</exception>
    public bool Kill() => Signal(Linux.Abi.Signal.SIGKILL);

    /// <summary>Completes when it has ended, whether its parent has taken note or not.</summary>
    /// <returns>
    /// How it ended; null where that is not to be known: its parent has reaped it and the kernel is older than Linux 6.15, or it
    /// was not reaped and is not this user's to trace.
    /// </returns>
    public async Task<ExitStatus?> WaitForExitAsync(CancellationToken cancellationToken = default)
    {
        // Each wait watches a descriptor of its own: epoll takes one only once.
        using (FileFd copy = DescriptorTable.Duplicate(Handle).OrThrow("duplicate the descriptor of process", name))
        using (WatchedDescriptor watched = Reactor.Shared.Watch(copy, EpollEvents.EPOLLIN))
        {
            while (!HasExited)
            {
                await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return ReadExitStatus();
    }

    /// <summary>How it ended; null where it has not, or it is not to be known.</summary>
    public ExitStatus? ReadExitStatus()
    {
        // Between the two looks the parent may reap it.
        return PidFds.GetExitStatus(Handle).Value ?? Unreaped() ?? PidFds.GetExitStatus(Handle).Value;
    }

    /// <inheritdoc />
    public void Dispose() => Handle.Dispose();

    private static ProcessHandle Open(int number, PidFdFlags flags, string what)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        return new(PidFds.Open(number, flags).OrThrow($"open {what}", number.ToString()), number.ToString());
    }

    private ExitStatus? Unreaped()
    {
        SysResult<DirectoryFd> opened = ProcDirectory.Open(Handle);
        if (!opened.Ok)
        {
            return null;
        }

        using DirectoryFd directory = opened.Value;

        // Who may not trace it reads a zero; the same right is needed for its I/O.
        return ProcStat.Read(directory) is { Ok: true, Value: { HasEnded: true } stat } && ProcIo.Read(directory).Ok
            ? stat.ExitStatus
            : null;
    }
}
