using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>
/// A socket over which bytes and descriptors are handed to another process; either side is told by the kernel who the other
/// is. Asynchronous calls take no thread while they wait. One who sends and one who receives at a time. Owns its socket. unix(7).
/// </summary>
public sealed class DescriptorChannel : IDisposable, IAsyncDisposable
{
    private readonly SocketFd socket;
    private readonly WatchedDescriptor watched;

    /// <summary>Makes a channel of one end of a connection.</summary>
    /// <param name="socket">A connected socket of AF_UNIX; owned from now on, and non-blocking.</param>
    public DescriptorChannel(SocketFd socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        this.socket = socket;
        DescriptorTable.SetNonBlocking(socket, true).OrThrow("make a socket non-blocking");
        watched = Reactor.Shared.Watch(socket, EpollEvents.EPOLLIN | EpollEvents.EPOLLOUT | EpollEvents.EPOLLRDHUP);
    }

    /// <summary>The socket, which stays the channel's.</summary>
    public SocketFd Socket => socket;

    /// <summary>Who was at the other end when the two were connected: of a pair, whoever made it. SO_PEERCRED.</summary>
    public UCred Peer => UnixSockets.GetPeerCredentials(socket).OrThrow("ask who the peer is");

    /// <summary>The peer's security label, or null where no security module gives any. SO_PEERSEC.</summary>
    public string? PeerLabel
    {
        get
        {
            SysResult<string> label = UnixSockets.GetPeerLabel(socket);
            return label.Errno == Errno.ENOPROTOOPT ? null : label.OrThrow("ask for the peer's label");
        }
    }

    /// <summary>A channel, and the other end for a child.</summary>
    /// <param name="type">
    /// SOCK_SEQPACKET keeps messages apart, SOCK_STREAM does not; a message of the former is at most as large as the socket's
    /// buffer.
    /// </param>
    /// <returns>This process's end, and the other one, which blocks; both are the caller's to dispose.</returns>
    public static (DescriptorChannel Channel, SocketFd Other) Create(SocketFlags type = SocketFlags.SOCK_SEQPACKET)
    {
        if (type is not (SocketFlags.SOCK_SEQPACKET or SocketFlags.SOCK_STREAM or SocketFlags.SOCK_DGRAM))
        {
            throw new ArgumentException("a channel's type is SOCK_SEQPACKET, SOCK_STREAM or SOCK_DGRAM", nameof(type));
        }

        SocketPair pair = UnixSockets.CreatePair(type).OrThrow("make a pair of sockets");
        try
        {
            return (new DescriptorChannel(pair.First), pair.Second);
        }
        catch
        {
            pair.Dispose();
            throw;
        }
    }

    /// <summary>
    /// From now on messages say who sends them: <see cref="ReceivedMessage.Sender"/> and, where the kernel can,
    /// <see cref="ReceivedMessage.SenderProcess"/>. SO_PASSCRED, SO_PASSPIDFD (Linux 6.5).
    /// </summary>
    public void IdentifySenders()
    {
        UnixSockets.SetOption(socket, SocketOption.SO_PASSCRED, true).OrThrow("have senders named");
        SysResult named = UnixSockets.SetOption(socket, SocketOption.SO_PASSPIDFD, true);
        if (named.Errno != Errno.ENOPROTOOPT)
        {
            named.OrThrow("have senders named");
        }
    }

    /// <summary>From now on no message brings descriptors: sending one that does is EPERM. SO_PASSRIGHTS.</summary>
    /// <exception cref="KernelException">ENOPROTOOPT: the kernel is older than Linux 6.16.</exception>
    public void RefuseDescriptors() =>
        UnixSockets.SetOption(socket, SocketOption.SO_PASSRIGHTS, false).OrThrow("refuse descriptors");

    /// <summary>The process at the other end; the caller's to dispose. SO_PEERPIDFD.</summary>
    /// <exception cref="KernelException">ENOPROTOOPT: the kernel is older than Linux 6.5. ESRCH: it is over.</exception>
    public PidFd OpenPeer() => UnixSockets.GetPeerProcess(socket).OrThrow("ask for the peer's process");

    /// <summary>Sends bytes and duplicates of descriptors, which arrive with the first byte.</summary>
    /// <param name="payload">The bytes; at least one where descriptors go along on SOCK_STREAM.</param>
    /// <param name="descriptors">At most 253; they stay the caller's.</param>
    /// <param name="cancellationToken">Ends the wait for room; on SOCK_STREAM part may have been sent.</param>
    /// <exception cref="IOException">EPIPE: the other end is closed. EMSGSIZE: the message is too large.</exception>
    public async ValueTask SendAsync(
        ReadOnlyMemory<byte> payload,
        IReadOnlyList<FileDescriptor>? descriptors = null,
        CancellationToken cancellationToken = default
    )
    {
        int sent = await SendFirstAsync(payload, descriptors ?? [], cancellationToken).ConfigureAwait(false);
        while (sent < payload.Length)
        {
            payload = payload[sent..];
            sent = await SendFirstAsync(payload, [], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends what there is room for, with the descriptors; the value is how many bytes that is.</summary>
    internal async ValueTask<int> SendFirstAsync(
        ReadOnlyMemory<byte> payload,
        IReadOnlyList<FileDescriptor> descriptors,
        CancellationToken cancellation
    )
    {
        FileDescriptor[] given = Checked(payload, descriptors);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(socket.IsClosed, this);
            SysResult<int> sent = DescriptorPassing.SendSome(socket, payload.Span, given);
            if (sent.Errno != Errno.EAGAIN)
            {
                return sent.Ok ? sent.Value : throw new IOException($"send: {sent.Errno}");
            }

            await watched.WritableAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for bytes, with the descriptors that came along.</summary>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="maximum">How many descriptors to take, at most 253; the rest is closed.</param>
    /// <param name="cancellationToken">Ends the wait, unless something is there already.</param>
    /// <returns>The message, the caller's to dispose; its length is zero at the end.</returns>
    /// <exception cref="IOException">ECONNRESET: the other end went with messages unread.</exception>
    public async ValueTask<ReceivedMessage> ReceiveAsync(
        Memory<byte> buffer,
        int maximum = 16,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximum, DescriptorPassing.MaximumDescriptors);
        while (true)
        {
            ObjectDisposedException.ThrowIf(socket.IsClosed, this);
            SysResult<ReceivedMessage> received = DescriptorPassing.Receive(socket, buffer.Span, maximum);
            if (received.Errno != Errno.EAGAIN)
            {
                return received.Ok ? received.Value : throw new IOException($"receive: {received.Errno}");
            }

            await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the socket; the other end reads its end.</summary>
    public void Dispose()
    {
        if (!socket.IsClosed)
        {
            watched.Dispose();
            socket.Dispose();

            // Who waited finds the socket closed.
            watched.Signal(EpollEvents.EPOLLHUP);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static FileDescriptor[] Checked(ReadOnlyMemory<byte> payload, IReadOnlyList<FileDescriptor> descriptors)
    {
        FileDescriptor[] given = [.. descriptors];
        if (given.Length > DescriptorPassing.MaximumDescriptors)
        {
            throw new ArgumentException(
                $"a message has at most {DescriptorPassing.MaximumDescriptors} descriptors",
                nameof(descriptors)
            );
        }

        if (given.Any(file => file is null || file.IsInvalid || file.IsClosed))
        {
            throw new ArgumentException("a descriptor is not open", nameof(descriptors));
        }

        return payload.IsEmpty && given.Length > 0
            ? throw new ArgumentException("descriptors need a byte to go with", nameof(payload))
            : given;
    }
}
