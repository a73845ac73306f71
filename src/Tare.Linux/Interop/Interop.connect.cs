using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>connect(2); the address in the family's own form.</summary>
    internal static unsafe nint connect(int socket, ReadOnlySpan<byte> address)
    {
        // SAFETY: pinned during the call, and the length is passed.
        fixed (byte* bytes = address)
        {
            return Call(Syscall.connect, socket, (nint)bytes, address.Length);
        }
    }
}
