using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>semtimedop(2) with a relative timeout; a negative one waits for ever.</summary>
    internal static unsafe nint semtimedop(int set, ReadOnlySpan<SemaphoreChange> changes, long timeoutNanoseconds)
    {
        TimeSpec timeout = TimeSpecOf(timeoutNanoseconds);

        // SAFETY: pinned during the call with their number; the timeout lies on the stack.
        fixed (SemaphoreChange* address = changes)
        {
            return Call(
                Syscall.semtimedop,
                set,
                (nint)address,
                changes.Length,
                timeoutNanoseconds < 0 ? 0 : (nint)(&timeout)
            );
        }
    }

    /// <summary>semctl(2) that reads or writes values of 16 bits, as many as the set has semaphores.</summary>
    internal static unsafe nint semctl(int set, SystemVCommand command, Span<ushort> values)
    {
        // SAFETY: pinned during the call; callers provide as many values as the set has, which never changes.
        fixed (ushort* address = values)
        {
            return Call(Syscall.semctl, set, 0, (nint)(int)command, (nint)address);
        }
    }
}
