using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>io_uring_setup(2): the ring's descriptor, close-on-exec.</summary>
    internal static unsafe nint io_uring_setup(uint entries, ref IoRingParameters parameters)
    {
        // SAFETY: pinned during the call, and of the kernel's layout and size.
        fixed (IoRingParameters* address = &parameters)
        {
            return Call(Syscall.io_uring_setup, (nint)entries, (nint)address);
        }
    }

    /// <summary>io_uring_enter(2) with a relative timeout; a negative one waits for ever.</summary>
    internal static unsafe nint io_uring_enter(int ring, uint submit, uint wait, long timeoutNanoseconds)
    {
        const int GetEvents = 1;
        const int Extended = 8;
        TimeSpec timeout = TimeSpecOf(timeoutNanoseconds);
        IoRingWaiting waiting = new() { Timeout = (ulong)(&timeout) };
        nint flags = wait > 0 ? GetEvents : 0;

        // SAFETY: both structs lie on the stack and are read during the call only.
        return wait == 0 || timeoutNanoseconds < 0
            ? Call(Syscall.io_uring_enter, ring, (nint)submit, (nint)wait, flags)
            : Call(
                Syscall.io_uring_enter,
                ring,
                (nint)submit,
                (nint)wait,
                flags | Extended,
                (nint)(&waiting),
                sizeof(IoRingWaiting)
            );
    }

    /// <summary>io_uring_register(2) with restrictions, or nothing.</summary>
    internal static unsafe nint io_uring_register(int ring, int operation, ReadOnlySpan<IoRingRestriction> restrictions)
    {
        // SAFETY: pinned during the call, with their number.
        fixed (IoRingRestriction* address = restrictions)
        {
            return Call(Syscall.io_uring_register, ring, operation, (nint)address, restrictions.Length);
        }
    }
}
