using System.Text;
using Tare.Linux;

namespace Tare.OciCli.Tests;

/// <summary>A socket on which a caller waits for a descriptor.</summary>
internal sealed class ListeningSocket : IDisposable
{
    private readonly SocketFd _socket;

    /// <summary>Listens at a path that does not exist yet.</summary>
    public ListeningSocket(string path)
    {
        Path = path;
        _socket = UnixSockets.Listen(path).OrThrow("listen", path);
    }

    /// <summary>Where.</summary>
    public string Path { get; }

    /// <summary>Takes the message that has been sent: its text and its one descriptor.</summary>
    public (string Text, FileFd Descriptor) Take()
    {
        using SocketFd connection = UnixSockets.Accept(_socket).OrThrow("accept");
        byte[] payload = new byte[4096];
        ReceivedMessage message = DescriptorPassing.Receive(connection, payload).OrThrow("receive");
        FileFd descriptor = Assert.Single(message.Descriptors);
        return (Encoding.UTF8.GetString(payload, 0, message.Length), descriptor);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
