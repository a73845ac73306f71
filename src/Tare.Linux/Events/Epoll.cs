using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A descriptor that is ready.</summary>
/// <param name="Events">What is the case.</param>
/// <param name="Token">What was given when it was added.</param>
public readonly record struct EpollReady(EpollEvents Events, ulong Token);

/// <summary>Waiting for many descriptors. epoll(7).</summary>
public static class Epoll
{
    /// <summary>A new, empty set. epoll_create1(2).</summary>
    public static SysResult<EpollFd> Create()
    {
        nint raw = Interop.Call(
            Syscall.epoll_create1,
            (nint)OpenFlagsTable.For(OpenFlags.O_CLOEXEC, Interop.RunningOn)
        );
        return raw < 0 ? Interop.Failed<EpollFd>(raw) : new(new EpollFd((int)raw), Errno.None);
    }

    /// <summary>Adds a descriptor with a token that comes back when it is ready. EPERM: a regular file, which always is.</summary>
    public static SysResult Add(EpollFd set, FileDescriptor file, EpollEvents events, ulong token) =>
        Control(set, EpollOperation.EPOLL_CTL_ADD, file, events, token);

    /// <summary>Waits for something else from a descriptor in the set.</summary>
    public static SysResult Modify(EpollFd set, FileDescriptor file, EpollEvents events, ulong token) =>
        Control(set, EpollOperation.EPOLL_CTL_MOD, file, events, token);

    /// <summary>Takes a descriptor out. Do that before closing it: another descriptor of the same file keeps it in the set.</summary>
    public static SysResult Remove(EpollFd set, FileDescriptor file) =>
        Control(set, EpollOperation.EPOLL_CTL_DEL, file, EpollEvents.None, 0);

    /// <summary>
    /// Waits until something is ready; the result is how many entries were filled (at most 64), zero after the timeout.
    /// Interruptions by signals are passed over. epoll_pwait(2), whose timeout has milliseconds: rounded up.
    /// </summary>
    public static SysResult<int> Wait(EpollFd set, Span<EpollReady> ready, TimeSpan? timeout = null)
    {
        using Borrowed epoll = new(set);
        Deadline deadline = Deadline.After(timeout);
        while (true)
        {
            long left = deadline.RemainingNanoseconds;
            int milliseconds = left < 0 ? -1 : (int)Math.Min((left + 999_999) / 1_000_000, int.MaxValue);
            nint raw = Interop.epoll_pwait(epoll.Number, ready, milliseconds);
            if (!Interop.Interrupted(raw))
            {
                return Interop.IntResult(raw);
            }
        }
    }

    private static SysResult Control(
        EpollFd set,
        EpollOperation operation,
        FileDescriptor file,
        EpollEvents events,
        ulong token
    )
    {
        using Borrowed epoll = new(set);
        using Borrowed descriptor = new(file);
        return Interop.Result(Interop.epoll_ctl(epoll.Number, operation, descriptor.Number, events, token));
    }
}
