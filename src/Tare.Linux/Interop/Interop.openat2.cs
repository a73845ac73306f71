using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>openat2(2), Linux 5.6, with flags of its own beside those of open(2).</summary>
    internal static unsafe nint openat2(
        int directory,
        BytePath path,
        OpenFlags flags,
        FileModes mode,
        ResolveFlags resolve,
        ulong more = 0
    )
    {
        OpenHow how = new()
        {
            Flags = OpenFlagsTable.For(flags | OpenFlags.O_CLOEXEC, Architecture) | more,
            Mode = (ulong)mode,
            Resolve = resolve,
        };

        // SAFETY: both are read during the call only: the struct lies on the stack, the bytes are pinned and end with a zero.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.openat2, directory, (nint)name, (nint)(&how), sizeof(OpenHow));
        }
    }
}
