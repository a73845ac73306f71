using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>signalfd4(2); close-on-exec and, if asked for, not blocking.</summary>
    internal static unsafe nint signalfd4(int descriptor, ulong set, OpenFlags flags)
    {
        // SAFETY: the set lies on the stack, and its size is passed.
        return Call(Syscall.signalfd4, descriptor, (nint)(&set), sizeof(ulong), (nint)(uint)flags);
    }
}
