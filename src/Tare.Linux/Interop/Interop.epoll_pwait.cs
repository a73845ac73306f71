using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>epoll_pwait(2) without a mask; a negative timeout waits for ever.</summary>
    internal static unsafe nint epoll_pwait(int epoll, Span<EpollReady> ready, int timeoutMilliseconds)
    {
        int stride = EpollTokenOffset + sizeof(ulong);
        int capacity = Math.Min(ready.Length, 64);
        byte* entries = stackalloc byte[16 * 64];

        // SAFETY: the buffer holds 64 entries of the larger form, and at most that many are asked for.
        nint count = Call(Syscall.epoll_pwait, epoll, (nint)entries, capacity, timeoutMilliseconds, 0, sizeof(ulong));
        for (int i = 0; i < count; i++)
        {
            byte* entry = entries + (i * stride);
            ready[i] = new EpollReady((EpollEvents)(*(uint*)entry), *(ulong*)(entry + EpollTokenOffset));
        }

        return count;
    }
}
