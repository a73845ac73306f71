using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>getresuid(2): real, effective, saved.</summary>
    internal static unsafe nint getresuid(out uint real, out uint effective, out uint saved)
    {
        uint* ids = stackalloc uint[3];

        // SAFETY: three words on the stack, which is what the kernel writes.
        nint raw = Call(Syscall.getresuid, (nint)ids, (nint)(ids + 1), (nint)(ids + 2));
        (real, effective, saved) = (ids[0], ids[1], ids[2]);
        return raw;
    }
}
