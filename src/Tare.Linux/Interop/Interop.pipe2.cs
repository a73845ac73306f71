using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>pipe2(2).</summary>
    internal static unsafe nint pipe2(OpenFlags flags, out int readEnd, out int writeEnd)
    {
        int* ends = stackalloc int[2];

        // SAFETY: two ints on the stack, which is what the kernel writes.
        nint raw = Call(Syscall.pipe2, (nint)ends, (nint)OpenFlagsTable.For(flags, Architecture));
        (readEnd, writeEnd) = (ends[0], ends[1]);
        return raw;
    }
}
