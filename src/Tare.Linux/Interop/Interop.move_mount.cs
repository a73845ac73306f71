using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>move_mount(2), Linux 5.2.</summary>
    internal static unsafe nint move_mount(
        int fromDirectory,
        BytePath fromPath,
        int toDirectory,
        BytePath toPath,
        MoveMountFlags flags
    )
    {
        // SAFETY: both are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (
            byte* from = fromPath.Terminated,
                to = toPath.Terminated
        )
        {
            return Call(Syscall.move_mount, fromDirectory, (nint)from, toDirectory, (nint)to, (nint)(uint)flags);
        }
    }
}
