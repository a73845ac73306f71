using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>ppoll(2) without a mask; a negative timeout waits for ever.</summary>
    internal static unsafe nint ppoll(Span<PollDescriptor> descriptors, long timeoutNanoseconds)
    {
        TimeSpec timeout = TimeSpecOf(timeoutNanoseconds);

        // SAFETY: pinned during the call, and the number of elements is passed; the timeout lies on the stack.
        fixed (PollDescriptor* list = descriptors)
        {
            return Call(
                Syscall.ppoll,
                (nint)list,
                descriptors.Length,
                timeoutNanoseconds < 0 ? 0 : (nint)(&timeout),
                0,
                sizeof(ulong)
            );
        }
    }

    private static TimeSpec TimeSpecOf(long nanoseconds) =>
        new() { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
}
