using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>process_madvise(2) of one piece.</summary>
    internal static unsafe nint process_madvise(int process, ulong address, nuint length, MemoryAdvice advice)
    {
        IoVec piece = new() { Base = (nint)address, Length = length };

        // SAFETY: the vector lies on the stack; what it names lies in another address space, where the kernel checks it.
        return Call(Syscall.process_madvise, process, (nint)(&piece), 1, (nint)(int)advice);
    }
}
