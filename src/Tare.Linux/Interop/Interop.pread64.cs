using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>pread64(2).</summary>
    internal static unsafe nint pread64(int descriptor, Span<byte> buffer, long offset)
    {
        // SAFETY: the buffer is pinned during the call, and the kernel keeps to its length.
        fixed (byte* bytes = buffer)
        {
            return Call(Syscall.pread64, descriptor, (nint)bytes, buffer.Length, (nint)offset);
        }
    }
}
