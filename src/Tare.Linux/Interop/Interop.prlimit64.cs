using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>prlimit64(2) that reads.</summary>
    internal static unsafe nint prlimit64(int processId, ResourceLimit resource, out RLimit64 limit)
    {
        limit = default;

        // SAFETY: pinned during the call; the struct is the kernel's rlimit64.
        fixed (RLimit64* address = &limit)
        {
            return Call(Syscall.prlimit64, processId, (nint)(int)resource, 0, (nint)address);
        }
    }

    /// <summary>prlimit64(2) that sets, and returns what was before.</summary>
    internal static unsafe nint prlimit64(int processId, ResourceLimit resource, RLimit64 limit, out RLimit64 previous)
    {
        previous = default;

        // SAFETY: one lies on the stack, the other is pinned; the struct is the kernel's rlimit64.
        fixed (RLimit64* old = &previous)
        {
            return Call(Syscall.prlimit64, processId, (nint)(int)resource, (nint)(&limit), (nint)old);
        }
    }
}
