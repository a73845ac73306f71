using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>renameat2(2).</summary>
    internal static unsafe nint renameat2(
        int oldDirectory,
        BytePath oldPath,
        int newDirectory,
        BytePath newPath,
        RenameFlags flags
    )
    {
        // SAFETY: both are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (
            byte* from = oldPath.Terminated,
                to = newPath.Terminated
        )
        {
            return Call(Syscall.renameat2, oldDirectory, (nint)from, newDirectory, (nint)to, (nint)(uint)flags);
        }
    }
}
