using Tare.Linux;

namespace Tare.Processes;

/// <summary>A message that came over a channel.</summary>
/// <typeparam name="T">What it says.</typeparam>
/// <param name="Value">What it says; null where it is JSON's null.</param>
/// <param name="Descriptors">The descriptors that came along; this message's until they are taken out of it.</param>
public sealed record ChannelMessage<T>(T? Value, IReadOnlyList<FileFd> Descriptors) : IDisposable
{
    /// <summary>Closes the descriptors.</summary>
    public void Dispose()
    {
        foreach (FileFd descriptor in Descriptors)
        {
            descriptor.Dispose();
        }
    }
}

/// <summary>An answer with descriptors.</summary>
/// <typeparam name="T">What it says.</typeparam>
/// <param name="Value">What it says.</param>
/// <param name="Descriptors">What goes along, at most 253; closed once they are sent.</param>
public sealed record ChannelReply<T>(T Value, params IReadOnlyList<FileDescriptor> Descriptors);
