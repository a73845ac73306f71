using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fspick(2).</summary>
    internal static unsafe nint fspick(int directory, BytePath path, FsPickFlags flags)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.fspick, directory, (nint)name, (nint)(uint)flags);
        }
    }
}
