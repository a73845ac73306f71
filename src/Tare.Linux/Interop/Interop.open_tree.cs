using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>open_tree(2).</summary>
    internal static unsafe nint open_tree(int directory, BytePath path, OpenTreeFlags flags)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.open_tree, directory, (nint)name, (nint)(uint)flags);
        }
    }
}
