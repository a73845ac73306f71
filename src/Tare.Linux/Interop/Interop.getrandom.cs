using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>getrandom(2).</summary>
    internal static unsafe nint getrandom(Span<byte> buffer)
    {
        // SAFETY: the buffer is pinned during the call, and the kernel keeps to its length.
        fixed (byte* bytes = buffer)
        {
            return Call(Syscall.getrandom, (nint)bytes, buffer.Length, 0);
        }
    }
}
