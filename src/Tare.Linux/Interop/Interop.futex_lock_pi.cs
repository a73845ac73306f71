using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>futex(2), FUTEX_LOCK_PI2, until a time of CLOCK_MONOTONIC; a negative one is never.</summary>
    internal static unsafe nint futex_lock_pi(nint address, FutexOperation operation, long untilNanoseconds)
    {
        TimeSpec until = TimeSpecOf(untilNanoseconds);

        // SAFETY: the time lies on the stack; a wrong address is an EFAULT, the kernel looks itself.
        return Call(Syscall.futex, address, (nint)(int)operation, 0, untilNanoseconds < 0 ? 0 : (nint)(&until));
    }
}
