using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>splice(2); an offset of null is the file's own position, or there is none.</summary>
    internal static unsafe nint splice(int source, int target, long? targetOffset, nint length, SpliceFlags flags)
    {
        long offset = targetOffset ?? 0;

        // SAFETY: the offset lies on the stack.
        return Call(
            Syscall.splice,
            source,
            0,
            target,
            targetOffset is null ? 0 : (nint)(&offset),
            length,
            (nint)(uint)flags
        );
    }

    /// <summary>vmsplice(2) of one piece of memory.</summary>
    internal static unsafe nint vmsplice(int pipe, nint address, nint length, SpliceFlags flags)
    {
        IoVec vector = new() { Base = address, Length = (nuint)length };

        // SAFETY: the vector lies on the stack; that the memory stays while the pipe holds it is the caller's to see to.
        return Call(Syscall.vmsplice, pipe, (nint)(&vector), 1, (nint)(uint)flags);
    }
}
