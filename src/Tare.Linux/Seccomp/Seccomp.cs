using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Filters on system calls. seccomp(2).</summary>
public static class Seccomp
{
    /// <summary>The longest program that the kernel takes, in instructions.</summary>
    public const int MaximumLength = 4096;

    /// <summary>
    /// Puts a filter on the calling thread, or with TSYNC on all, for ever. EACCES: neither no_new_privs nor CAP_SYS_ADMIN.
    /// EINVAL: the program is wrong. With NEW_LISTENER the value is the descriptor of the listener, which the caller owns;
    /// zero otherwise.
    /// </summary>
    public static SysResult<int> LoadFilter(
        ReadOnlySpan<SocketFilter> program,
        SeccompFilterFlags flags = SeccompFilterFlags.None
    ) =>
        program.Length is 0 or > MaximumLength
            ? new(0, Errno.EINVAL)
            : Interop.IntResult(Interop.seccomp(flags, program));

    /// <summary>Whether the kernel knows an action; EOPNOTSUPP where it does not. SECCOMP_GET_ACTION_AVAIL, Linux 4.14.</summary>
    public static SysResult IsActionAvailable(SeccompAction action) => Interop.Result(Interop.seccomp(action));

    /// <summary>Whether the kernel knows flags of a filter: it looks at them before it looks for the filter. seccomp(2).</summary>
    public static bool IsSupported(SeccompFilterFlags flags) =>
        Interop.ErrnoOf(
            Interop.Call(Syscall.seccomp, (nint)(int)SeccompOperation.SECCOMP_SET_MODE_FILTER, (nint)(uint)flags, 0)
        ) == Errno.EFAULT;

    /// <summary>
    /// The listener that a process has been given by the filter that it loaded; it keeps its own. EPERM: no right to ptrace
    /// it. pidfd_getfd(2), Linux 5.6.
    /// </summary>
    public static SysResult<SeccompListenerFd> TakeListener(PidFd process, int number)
    {
        using Borrowed descriptor = new(process);
        nint raw = Interop.Call(Syscall.pidfd_getfd, descriptor.Number, number);
        return raw < 0 ? Interop.Failed<SeccompListenerFd>(raw) : new(new SeccompListenerFd((int)raw), Errno.None);
    }

    /// <summary>The sizes of the structures of notifications. SECCOMP_GET_NOTIF_SIZES, Linux 5.0.</summary>
    public static SysResult<SeccompNotifySizes> GetNotifySizes()
    {
        nint raw = Interop.seccomp(out SeccompNotifySizes sizes);
        return new(sizes, Interop.ErrnoOf(raw));
    }
}
