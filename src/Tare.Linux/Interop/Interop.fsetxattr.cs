using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fsetxattr(2) without flags: the attribute is made or replaced.</summary>
    internal static unsafe nint fsetxattr(int descriptor, BytePath name, ReadOnlySpan<byte> value)
    {
        // SAFETY: both are pinned; the name ends with a zero, and the kernel only reads them during the call.
        fixed (
            byte* text = name.Terminated,
                bytes = value
        )
        {
            return Call(Syscall.fsetxattr, descriptor, (nint)text, (nint)bytes, value.Length, 0);
        }
    }
}
