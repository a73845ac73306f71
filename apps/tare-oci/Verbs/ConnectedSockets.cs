using Tare.Linux;

namespace Tare.OciCli.Verbs;

/// <summary>The sockets of callers that the command line names; closed together.</summary>
internal sealed class ConnectedSockets : IDisposable
{
    private readonly List<SocketFd> sockets = [];

    /// <summary>Connects to a socket; null where none is named.</summary>
    /// <exception cref="KernelException">Nobody listens there.</exception>
    public SocketFd? Connect(string? path, string option)
    {
        if (path is null)
        {
            return null;
        }

        SocketFd socket = UnixSockets.Connect(path).OrThrow($"connect to the --{option}", path, "somebody must listen");
        sockets.Add(socket);
        return socket;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (SocketFd socket in sockets)
        {
            socket.Dispose();
        }
    }
}
