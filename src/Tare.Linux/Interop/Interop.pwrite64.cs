using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>pwrite64(2).</summary>
    internal static unsafe nint pwrite64(int descriptor, ReadOnlySpan<byte> buffer, long offset)
    {
        // SAFETY: the buffer is pinned during the call, and the kernel keeps to its length.
        fixed (byte* bytes = buffer)
        {
            return Call(Syscall.pwrite64, descriptor, (nint)bytes, buffer.Length, (nint)offset);
        }
    }
}
