namespace Tare.Linux;

/// <summary>A message with the descriptors that came with it, which belong to whoever received it.</summary>
/// <param name="Length">How many bytes of payload were stored; zero is the end of the stream.</param>
/// <param name="Truncated">The payload or the descriptors did not fit: what did not was lost (and closed).</param>
/// <param name="Descriptors">The descriptors, in the order in which they were sent; all close-on-exec.</param>
public readonly record struct ReceivedMessage(int Length, bool Truncated, IReadOnlyList<FileFd> Descriptors)
    : IDisposable
{
    /// <summary>Closes every descriptor.</summary>
    public void Dispose()
    {
        foreach (FileFd descriptor in Descriptors ?? [])
        {
            descriptor.Dispose();
        }
    }
}
