using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>flistxattr(2).</summary>
    internal static unsafe nint flistxattr(int descriptor, Span<byte> names)
    {
        // SAFETY: the buffer is pinned during the call, and the kernel keeps to its length.
        fixed (byte* bytes = names)
        {
            return Call(Syscall.flistxattr, descriptor, (nint)bytes, names.Length);
        }
    }
}
