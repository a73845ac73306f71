using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>linkat(2).</summary>
    internal static unsafe nint linkat(
        int oldDirectory,
        BytePath oldPath,
        int newDirectory,
        BytePath newPath,
        AtFlags flags
    )
    {
        // SAFETY: both are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (
            byte* from = oldPath.Terminated,
                to = newPath.Terminated
        )
        {
            return Call(Syscall.linkat, oldDirectory, (nint)from, newDirectory, (nint)to, (nint)(uint)flags);
        }
    }
}
