using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A message with the descriptors that came with it, which belong to whoever received it.</summary>
/// <param name="Length">How many bytes of payload were stored; zero is the end of the stream.</param>
/// <param name="Truncated">The payload or the descriptors did not fit: what did not was lost (and closed).</param>
/// <param name="Descriptors">The descriptors, in the order in which they were sent; all close-on-exec.</param>
public readonly record struct ReceivedMessage(int Length, bool Truncated, IReadOnlyList<FileFd> Descriptors)
    : IDisposable
{
    /// <summary>Who sent it, if the receiving socket has SO_PASSCRED: the kernel says so, not the sender.</summary>
    public UCred? Sender { get; init; }

    /// <summary>The sender itself, whatever becomes of its number; only with SO_PASSPIDFD. Linux 6.5.</summary>
    public PidFd? SenderProcess { get; init; }

    /// <summary>Closes every descriptor.</summary>
    public void Dispose()
    {
        SenderProcess?.Dispose();
        foreach (FileFd descriptor in Descriptors ?? [])
        {
            descriptor.Dispose();
        }
    }
}
