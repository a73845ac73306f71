using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>setsockopt(2) of an option with a fixed size, at SOL_SOCKET.</summary>
    internal static unsafe nint setsockopt<T>(int socket, SocketOption option, T value)
        where T : unmanaged =>
        // SAFETY: the value lies on the stack, and its size is passed.
        Call(
            Syscall.setsockopt,
            socket,
            (nint)(int)SocketLevel.SOL_SOCKET,
            (nint)(int)option,
            (nint)(&value),
            sizeof(T)
        );
}
