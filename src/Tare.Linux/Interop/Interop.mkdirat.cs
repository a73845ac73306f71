using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>mkdirat(2).</summary>
    internal static unsafe nint mkdirat(int directory, BytePath path, FileModes mode)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.mkdirat, directory, (nint)name, (nint)(uint)mode);
        }
    }
}
