using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fchmodat(2), which follows symlinks.</summary>
    internal static unsafe nint fchmodat(int directory, BytePath path, FileModes mode)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.fchmodat, directory, (nint)name, (nint)(uint)mode);
        }
    }
}
