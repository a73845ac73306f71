using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fsopen(2).</summary>
    internal static unsafe nint fsopen(BytePath path, FsOpenFlags flags)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.fsopen, (nint)name, (nint)(uint)flags);
        }
    }
}
