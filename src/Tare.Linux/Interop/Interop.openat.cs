using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>openat(2); the flags are in this architecture's form.</summary>
    internal static unsafe nint openat(int directory, BytePath path, OpenFlags flags, FileModes mode)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(
                Syscall.openat,
                directory,
                (nint)name,
                (nint)OpenFlagsTable.For(flags | OpenFlags.O_CLOEXEC, Architecture),
                (nint)(uint)mode
            );
        }
    }
}
