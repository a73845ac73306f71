using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>unlinkat(2).</summary>
    internal static unsafe nint unlinkat(int directory, BytePath path, AtFlags flags)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.unlinkat, directory, (nint)name, (nint)(uint)flags);
        }
    }
}
