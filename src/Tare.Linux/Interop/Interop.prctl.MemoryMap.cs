using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>prctl(2), PR_SET_MM with PR_SET_MM_MAP.</summary>
    internal static unsafe nint prctl_set_mm_map(MemoryMap map)
    {
        const int Map = 14;

        // SAFETY: the struct lies on the stack, is only read, and its size is passed.
        return Call(Syscall.prctl, (nint)(int)PrctlOption.PR_SET_MM, Map, (nint)(&map), sizeof(MemoryMap), 0);
    }
}
