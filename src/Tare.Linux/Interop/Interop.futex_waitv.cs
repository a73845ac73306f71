using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>futex_waitv(2), until a time of CLOCK_MONOTONIC; a negative one is never.</summary>
    internal static unsafe nint futex_waitv(ReadOnlySpan<FutexWaiter> waiters, long untilNanoseconds)
    {
        TimeSpec until = TimeSpecOf(untilNanoseconds);

        // SAFETY: pinned during the call with their number, the time lies on the stack; a wrong address in them is an EFAULT.
        fixed (FutexWaiter* address = waiters)
        {
            return Call(
                Syscall.futex_waitv,
                (nint)address,
                waiters.Length,
                0,
                untilNanoseconds < 0 ? 0 : (nint)(&until),
                (nint)(int)ClockId.CLOCK_MONOTONIC
            );
        }
    }
}
