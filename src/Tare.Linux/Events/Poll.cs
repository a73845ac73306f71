using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Waiting for a few descriptors. poll(2).</summary>
public static class Poll
{
    /// <summary>
    /// Waits until one of the descriptors is ready; the result is how many are, zero after the timeout. Interruptions by
    /// signals are passed over. The caller keeps the handles alive.
    /// </summary>
    public static SysResult<int> Wait(Span<PollDescriptor> descriptors, TimeSpan? timeout = null)
    {
        Deadline deadline = Deadline.After(timeout);
        while (true)
        {
            nint raw = Interop.ppoll(descriptors, deadline.RemainingNanoseconds);
            if (!Interop.Interrupted(raw))
            {
                return Interop.IntResult(raw);
            }
        }
    }

    /// <summary>Waits for one descriptor; the result is what is the case, nothing after the timeout. A pidfd is POLLIN when its process ended.</summary>
    public static SysResult<PollEvents> Wait(
        FileDescriptor file,
        PollEvents events = PollEvents.POLLIN,
        TimeSpan? timeout = null
    )
    {
        using Borrowed descriptor = new(file);
        PollDescriptor entry = new() { Descriptor = descriptor.Number, Events = events };
        SysResult<int> count = Wait(new Span<PollDescriptor>(ref entry), timeout);
        return new(entry.Returned, count.Errno);
    }
}
