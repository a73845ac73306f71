using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>file_getattr(2) and file_setattr(2).</summary>
    internal static unsafe nint file_attr(
        Syscall call,
        int directory,
        BytePath path,
        ref InodeAttributes attributes,
        AtFlags flags
    )
    {
        // SAFETY: both are pinned during the call, the path ends with a zero, and the struct's size is passed.
        fixed (byte* name = path.Terminated)
        fixed (InodeAttributes* address = &attributes)
        {
            return Call(call, directory, (nint)name, (nint)address, sizeof(InodeAttributes), (nint)(uint)flags);
        }
    }
}
