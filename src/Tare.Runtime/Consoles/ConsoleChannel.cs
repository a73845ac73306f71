using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Consoles;

/// <summary>How a terminal that a launch makes inside a container comes to this process: a pair of sockets.</summary>
public sealed class ConsoleChannel : IDisposable
{
    /// <summary>The longest name that comes with a terminal, in bytes. It means nothing here.</summary>
    private const int LongestName = 64;

    private readonly SocketPair sockets;

    private ConsoleChannel(SocketPair sockets) => this.sockets = sockets;

    /// <summary>What the launch is handed to send the terminal's other side over; the channel's.</summary>
    public SocketFd Inside => sockets.First;

    /// <summary>Makes one.</summary>
    /// <exception cref="KernelException">There are no descriptors left.</exception>
    public static ConsoleChannel Open() =>
        new(UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("make a socket pair"));

    /// <summary>The terminal's other side, the caller's. Waits until the launch has sent it.</summary>
    /// <exception cref="KernelException">Nothing was sent.</exception>
    public FileFd Receive()
    {
        Span<byte> name = stackalloc byte[LongestName];
        ReceivedMessage message = DescriptorPassing
            .Receive(sockets.Second, name)
            .OrThrow("receive the terminal's other side");
        return message.Descriptors is [var terminal, ..]
            ? terminal
            : throw new KernelException(Errno.ENODATA, "receive the terminal's other side");
    }

    /// <inheritdoc />
    public void Dispose() => sockets.Dispose();
}
