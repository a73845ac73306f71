using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>pivot_root(2).</summary>
    internal static unsafe nint pivot_root(BytePath newRoot, BytePath putOld)
    {
        // SAFETY: both are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (
            byte* root = newRoot.Terminated,
                old = putOld.Terminated
        )
        {
            return Call(Syscall.pivot_root, (nint)root, (nint)old);
        }
    }
}
