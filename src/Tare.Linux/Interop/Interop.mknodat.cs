using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>mknodat(2).</summary>
    internal static unsafe nint mknodat(int directory, BytePath path, FileModes mode, uint device)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.mknodat, directory, (nint)name, (nint)(uint)mode, (nint)device);
        }
    }
}
