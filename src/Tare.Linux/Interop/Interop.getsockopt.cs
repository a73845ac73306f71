using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>getsockopt(2) of an option with a fixed size, at SOL_SOCKET.</summary>
    internal static unsafe nint getsockopt<T>(int socket, SocketOption option, out T value)
        where T : unmanaged
    {
        value = default;
        int length = sizeof(T);

        // SAFETY: pinned during the call, and its size is passed.
        fixed (T* address = &value)
        {
            return Call(
                Syscall.getsockopt,
                socket,
                (nint)(int)SocketLevel.SOL_SOCKET,
                (nint)(int)option,
                (nint)address,
                (nint)(&length)
            );
        }
    }

    /// <summary>getsockopt(2) of an option of any size, at SOL_SOCKET.</summary>
    internal static unsafe nint getsockopt(int socket, SocketOption option, Span<byte> value, out int length)
    {
        int size = value.Length;

        // SAFETY: pinned during the call, and its size is passed.
        fixed (byte* address = value)
        {
            nint raw = Call(
                Syscall.getsockopt,
                socket,
                (nint)(int)SocketLevel.SOL_SOCKET,
                (nint)(int)option,
                (nint)address,
                (nint)(&size)
            );
            length = raw < 0 ? 0 : size;
            return raw;
        }
    }
}
