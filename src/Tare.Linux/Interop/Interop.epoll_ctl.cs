using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>epoll_ctl(2). struct epoll_event is packed on x64 (12 bytes) and not on arm64 (16 bytes).</summary>
    internal static unsafe nint epoll_ctl(
        int epoll,
        EpollOperation operation,
        int descriptor,
        EpollEvents events,
        ulong token
    )
    {
        byte* entry = stackalloc byte[16];

        // SAFETY: 16 bytes on the stack hold either form; the kernel only reads them.
        *(uint*)entry = (uint)events;
        *(ulong*)(entry + EpollTokenOffset) = token;
        return Call(Syscall.epoll_ctl, epoll, (nint)(int)operation, descriptor, (nint)entry);
    }

    /// <summary>Where the token lies in a struct epoll_event, in bytes.</summary>
    private static int EpollTokenOffset => Architecture == CpuArchitecture.Arm64 ? 8 : 4;
}
