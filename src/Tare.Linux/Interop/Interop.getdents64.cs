using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>getdents64(2).</summary>
    internal static unsafe nint getdents64(int descriptor, Span<byte> buffer)
    {
        // SAFETY: the buffer is pinned during the call, and the kernel keeps to its length.
        fixed (byte* bytes = buffer)
        {
            return Call(Syscall.getdents64, descriptor, (nint)bytes, buffer.Length);
        }
    }
}
