using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>futex(2), FUTEX_WAIT with a relative timeout; a negative one waits for ever.</summary>
    internal static unsafe nint futex_wait(
        nint address,
        FutexOperation operation,
        uint expected,
        long timeoutNanoseconds
    )
    {
        TimeSpec timeout = TimeSpecOf(timeoutNanoseconds);

        // SAFETY: the timeout lies on the stack; a wrong address is an EFAULT, the kernel looks itself.
        return Call(
            Syscall.futex,
            address,
            (nint)(int)operation,
            (nint)expected,
            timeoutNanoseconds < 0 ? 0 : (nint)(&timeout)
        );
    }
}
