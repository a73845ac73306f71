using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fgetxattr(2).</summary>
    internal static unsafe nint fgetxattr(int descriptor, BytePath name, Span<byte> value)
    {
        // SAFETY: both are pinned; the name ends with a zero, and the kernel keeps to the value's length.
        fixed (
            byte* text = name.Terminated,
                bytes = value
        )
        {
            return Call(Syscall.fgetxattr, descriptor, (nint)text, (nint)bytes, value.Length);
        }
    }
}
