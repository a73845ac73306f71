using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>read(2).</summary>
    internal static unsafe nint read(int descriptor, Span<byte> buffer)
    {
        // SAFETY: the buffer is pinned during the call, and the kernel keeps to its length.
        fixed (byte* bytes = buffer)
        {
            return Call(Syscall.read, descriptor, (nint)bytes, buffer.Length);
        }
    }
}
