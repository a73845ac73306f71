using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What can be done with a process by its descriptor: whatever becomes of the number, it is this process or none.</summary>
public static class PidFds
{
    private const int SelfThreadGroup = -10001; // PIDFD_SELF_THREAD_GROUP

    /// <summary>
    /// This process, without a descriptor: for calls that act on a process (signals, advice), not for those that ask about a
    /// descriptor. There is nothing to close. PIDFD_SELF_THREAD_GROUP, Linux 6.14: EBADF before.
    /// </summary>
    public static PidFd Self => new(SelfThreadGroup);

    /// <summary>A process by number. ESRCH: there is none. pidfd_open(2), Linux 5.3.</summary>
    public static SysResult<PidFd> Open(int processId, PidFdFlags flags = PidFdFlags.None)
    {
        nint raw = Interop.Call(Syscall.pidfd_open, processId, (nint)(uint)flags);
        return raw < 0 ? Interop.Failed<PidFd>(raw) : new(new PidFd((int)raw), Errno.None);
    }

    /// <summary>
    /// The process that has a number which no other has had or will have while the machine is up: the inode of a descriptor of
    /// it. ESTALE: it was reaped, or is outside the caller's PID namespace. EOPNOTSUPP: before Linux 6.14, where pidfds have no
    /// handles. open_by_handle_at(2).
    /// </summary>
    public static SysResult<PidFd> OpenByUniqueId(ulong uniqueId)
    {
        // Any pidfd leads to their file system; its own handle says what handles of this kernel are like.
        SysResult<PidFd> own = Open(Environment.ProcessId);
        if (!own.Ok)
        {
            return own;
        }

        using PidFd self = own.Value;
        SysResult<(FileHandle Handle, int MountId)> like = Files.GetHandle(self, BytePath.Empty, AtFlags.AT_EMPTY_PATH);
        if (!like.Ok)
        {
            return new(null!, like.Errno);
        }

        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, uniqueId);
        using Borrowed descriptor = new(self);
        nint raw = Interop.open_by_handle_at(
            descriptor.Number,
            new FileHandle(like.Value.Handle.Type, [.. bytes]).Whole(),
            OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC
        );
        return raw < 0 ? Interop.Failed<PidFd>(raw) : new(new PidFd((int)raw), Errno.None);
    }

    /// <summary>Sends a signal; <see cref="Signal.None"/> only asks whether it still is there (ESRCH). pidfd_send_signal(2).</summary>
    public static SysResult SendSignal(PidFd process, Signal signal)
    {
        using Borrowed descriptor = new(process);
        return Interop.Result(Interop.Call(Syscall.pidfd_send_signal, descriptor.Number, (nint)(int)signal));
    }

    /// <summary>
    /// Queues a signal with a value, as sigqueue(3). EAGAIN: the receiver's user has too many queued. pidfd_send_signal(2),
    /// SI_QUEUE.
    /// </summary>
    public static SysResult SendSignal(PidFd process, Signal signal, int value)
    {
        using Borrowed descriptor = new(process);
        return Interop.Result(
            Interop.pidfd_send_signal(
                descriptor.Number,
                signal,
                new QueuedSignal
                {
                    Signal = signal,
                    Code = SignalOrigin.SI_QUEUE,
                    ProcessId = Environment.ProcessId,
                    UserId = Credentials.GetResUid().Real,
                    Value = (uint)value,
                }
            )
        );
    }

    /// <summary>Sends a signal to more or less than the process. Linux 6.9, EINVAL before.</summary>
    public static SysResult SendSignal(PidFd process, Signal signal, SignalScope scope)
    {
        using Borrowed descriptor = new(process);
        return Interop.Result(
            Interop.Call(Syscall.pidfd_send_signal, descriptor.Number, (nint)(int)signal, 0, (nint)(uint)scope)
        );
    }

    /// <summary>A duplicate of a descriptor that the process has. pidfd_getfd(2), Linux 5.6; the right to ptrace it is needed.</summary>
    public static SysResult<FileFd> GetFd(PidFd process, int number)
    {
        using Borrowed descriptor = new(process);
        nint raw = Interop.Call(Syscall.pidfd_getfd, descriptor.Number, number);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>
    /// Numbers, credentials and cgroup of the process. PIDFD_GET_INFO, Linux 6.13: ENOTTY or EINVAL before. A process that
    /// was reaped has only its exit status left (Linux 6.15), ESRCH otherwise.
    /// </summary>
    public static SysResult<PidFdInfo> GetInfo(
        PidFd process,
        PidFdInfoMask mask =
            PidFdInfoMask.PIDFD_INFO_PID | PidFdInfoMask.PIDFD_INFO_CREDS | PidFdInfoMask.PIDFD_INFO_CGROUPID
    )
    {
        using Borrowed descriptor = new(process);
        PidFdInfo info = new() { Mask = mask };
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.PIDFD_GET_INFO, ref info);
        return new(info, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// How a process ended that is not, or no longer, a child to wait for; null while it has not been reaped. PIDFD_GET_INFO
    /// with PIDFD_INFO_EXIT, Linux 6.15: ENOTTY or EINVAL before.
    /// </summary>
    public static SysResult<ExitStatus?> GetExitStatus(PidFd process)
    {
        SysResult<PidFdInfo> info = GetInfo(process, PidFdInfoMask.PIDFD_INFO_EXIT);
        return info.Ok && (info.Value.Mask & PidFdInfoMask.PIDFD_INFO_EXIT) != 0
            ? new(ExitStatus.FromWaitStatus(info.Value.ExitStatus), Errno.None)
            : new(null, info.Errno);
    }

    /// <summary>
    /// How a process would dump its core while it lives; and of one whose dump went to a socket, also when it has been reaped,
    /// that it did: who takes dumps asks so. PIDFD_GET_INFO with PIDFD_INFO_COREDUMP, Linux 6.16: nothing, ENOTTY or EINVAL
    /// before.
    /// </summary>
    public static SysResult<PidFdCoreDump> GetCoreDump(PidFd process)
    {
        SysResult<PidFdCoreDumpInfo> info = GetMore(process, PidFdInfoMask.None);
        return new(info.Value.CoreDump, info.Errno);
    }

    /// <summary>
    /// Which signal made a process dump its core, also when it has been reaped; <see cref="Signal.None"/> where it did not, or
    /// the kernel is older. PIDFD_GET_INFO with PIDFD_INFO_COREDUMP_SIGNAL, Linux 6.19.
    /// </summary>
    public static SysResult<Signal> GetCoreDumpSignal(PidFd process)
    {
        SysResult<PidFdCoreDumpInfo> info = GetMore(process, PidFdInfoMask.PIDFD_INFO_COREDUMP_SIGNAL);
        bool told = (info.Value.Info.Mask & PidFdInfoMask.PIDFD_INFO_COREDUMP_SIGNAL) != 0;
        return new(told ? info.Value.Signal : Signal.None, info.Errno);
    }

    /// <summary>
    /// Why that signal came: si_code, for SIGSEGV 1 where nothing is mapped and 2 where it may not be accessed so (sigaction(2)).
    /// Null where the process did not dump, or the kernel is older. PIDFD_GET_INFO with PIDFD_INFO_COREDUMP_CODE, Linux 7.
    /// </summary>
    public static SysResult<SignalOrigin?> GetCoreDumpCode(PidFd process)
    {
        SysResult<PidFdCoreDumpInfo> info = GetMore(process, PidFdInfoMask.PIDFD_INFO_COREDUMP_CODE);
        bool told = (info.Value.Info.Mask & PidFdInfoMask.PIDFD_INFO_COREDUMP_CODE) != 0;
        return new(told ? info.Value.Code : null, info.Errno);
    }

    /// <summary>
    /// All that the kernel can tell of processes by their descriptors; none where it cannot tell that either.
    /// PIDFD_INFO_SUPPORTED_MASK, Linux 6.19: nothing, ENOTTY or EINVAL before.
    /// </summary>
    public static SysResult<PidFdInfoMask> GetSupportedInfo(PidFd process)
    {
        SysResult<PidFdCoreDumpInfo> info = GetMore(process, PidFdInfoMask.PIDFD_INFO_SUPPORTED_MASK);
        bool told = (info.Value.Info.Mask & PidFdInfoMask.PIDFD_INFO_SUPPORTED_MASK) != 0;
        return new(told ? info.Value.Supported : PidFdInfoMask.None, info.Errno);
    }

    /// <summary>
    /// The process's number in the caller's PID namespace; 0 where it has none there, ESRCH when it was reaped. From
    /// /proc/self/fdinfo, which every kernel with pidfds has.
    /// </summary>
    public static SysResult<int> GetProcessId(PidFd process)
    {
        using Borrowed descriptor = new(process);
        SysResult<byte[]> text = Files.ReadAllAt(null, $"/proc/thread-self/fdinfo/{descriptor.Number}", 1 << 16);
        if (!text.Ok)
        {
            return new(0, text.Errno);
        }

        int? number = PidFdDetails.ProcessIdIn(text.Value);
        return number switch
        {
            null => new(0, Errno.EINVAL),
            -1 => new(0, Errno.ESRCH),
            _ => new(number.Value, Errno.None),
        };
    }

    /// <summary>
    /// Waits for a child, whatever signal its end sends (__WALL). waitid(2), P_PIDFD. Null: nothing to report yet, with
    /// WNOHANG. ECHILD: no child of the caller, or somebody else reaped it. Interruptions by signals are passed over.
    /// </summary>
    public static SysResult<WaitOutcome?> Wait(PidFd process, WaitOptions options = WaitOptions.WEXITED)
    {
        using Borrowed descriptor = new(process);
        return Processes.WaitId(WaitIdType.P_PIDFD, descriptor.Number, options | WaitOptions.__WALL);
    }

    // The kernel tells about dumps only to who asks for whether there was one too. One that knows less leaves the rest zero.
    private static SysResult<PidFdCoreDumpInfo> GetMore(PidFd process, PidFdInfoMask asked)
    {
        using Borrowed descriptor = new(process);
        PidFdCoreDumpInfo info = new()
        {
            Info = new() { Mask = PidFdInfoMask.PIDFD_INFO_EXIT | PidFdInfoMask.PIDFD_INFO_COREDUMP | asked },
        };
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.PIDFD_GET_INFO_VER3, ref info);
        return new(info, Interop.ErrnoOf(raw));
    }
}
