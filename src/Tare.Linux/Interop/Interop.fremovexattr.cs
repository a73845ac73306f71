using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fremovexattr(2).</summary>
    internal static unsafe nint fremovexattr(int descriptor, BytePath name)
    {
        // SAFETY: the name is pinned and ends with a zero, and the kernel only reads it during the call.
        fixed (byte* text = name.Terminated)
        {
            return Call(Syscall.fremovexattr, descriptor, (nint)text);
        }
    }
}
