using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>sched_setaffinity(2).</summary>
    internal static unsafe nint sched_setaffinity(int thread, ReadOnlySpan<byte> mask)
    {
        // SAFETY: pinned during the call, with its length.
        fixed (byte* address = mask)
        {
            return Call(Syscall.sched_setaffinity, thread, mask.Length, (nint)address);
        }
    }

    /// <summary>sched_getaffinity(2): how many bytes were written.</summary>
    internal static unsafe nint sched_getaffinity(int thread, Span<byte> mask)
    {
        // SAFETY: pinned during the call, with its length.
        fixed (byte* address = mask)
        {
            return Call(Syscall.sched_getaffinity, thread, mask.Length, (nint)address);
        }
    }
}
