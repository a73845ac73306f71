using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>umount2(2).</summary>
    internal static unsafe nint umount2(BytePath path, UnmountFlags flags)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.umount2, (nint)name, (nint)(uint)flags);
        }
    }
}
