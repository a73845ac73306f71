using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>cachestat(2).</summary>
    internal static unsafe nint cachestat(int file, CacheStatRange range, out CacheStat status)
    {
        status = default;

        // SAFETY: one lies on the stack, the other is pinned; both are the kernel's structs.
        fixed (CacheStat* address = &status)
        {
            return Call(Syscall.cachestat, file, (nint)(&range), (nint)address);
        }
    }
}
