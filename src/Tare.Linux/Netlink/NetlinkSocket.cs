using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A line to a part of the kernel that speaks netlink. For one thread at a time. netlink(7).</summary>
internal sealed class NetlinkSocket : IDisposable
{
    /// <summary>The kernel sends no longer pieces, whatever it lists.</summary>
    private const int LongestPiece = 64 << 10;

    /// <summary>A list that was changed while it was read is read again so often.</summary>
    private const int Attempts = 16;

    private readonly SocketFd socket;
    private uint sequence;

    private NetlinkSocket(SocketFd socket) => this.socket = socket;

    /// <summary>The descriptor, which stays this object's.</summary>
    public SocketFd Descriptor => socket;

    /// <summary>To the namespaces of the calling thread.</summary>
    public static SysResult<NetlinkSocket> Open(NetlinkProtocol protocol)
    {
        nint raw = Interop.Call(
            Syscall.socket,
            (nint)(int)SocketFamily.AF_NETLINK,
            (nint)(uint)(SocketFlags.SOCK_RAW | SocketFlags.SOCK_CLOEXEC),
            (nint)(int)protocol
        );
        return raw < 0
            ? Interop.Failed<NetlinkSocket>(raw)
            : new(new NetlinkSocket(new SocketFd((int)raw)), Errno.None);
    }

    /// <summary>Also gets what is sent to groups. EPERM: CAP_NET_ADMIN is needed.</summary>
    /// <param name="groups">A bit for each group.</param>
    public SysResult Join(uint groups)
    {
        // struct sockaddr_nl: family, padding, port (the kernel chooses), groups.
        Span<byte> address = stackalloc byte[12];
        address.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(address, (ushort)SocketFamily.AF_NETLINK);
        BinaryPrimitives.WriteUInt32LittleEndian(address[8..], groups);
        using Borrowed descriptor = new(socket);
        return Interop.Result(Interop.bind(descriptor.Number, address));
    }

    /// <summary>Makes room for messages that have not been taken yet. As far as the caller may (SO_RCVBUFFORCE).</summary>
    /// <param name="bytes">The room.</param>
    public void MakeRoom(int bytes)
    {
        using Borrowed descriptor = new(socket);
        if (Interop.setsockopt(descriptor.Number, SocketOption.SO_RCVBUFFORCE, bytes) < 0)
        {
            _ = Interop.setsockopt(descriptor.Number, SocketOption.SO_RCVBUF, bytes);
        }
    }

    /// <summary>Sends, and waits for no answer.</summary>
    public SysResult Send(ReadOnlySpan<byte> message) => new(Files.Write(socket, message).Errno);

    /// <summary>What has come, at once. EAGAIN: nothing has; ENOBUFS: messages were lost; EMSGSIZE: it was longer.</summary>
    public SysResult<int> TryReceive(Span<byte> piece) => Receive(piece, MessageFlags.MSG_DONTWAIT);

    /// <summary>Asks for something to be done, and waits until it is or is refused.</summary>
    public SysResult Do(NetlinkRequest request)
    {
        SysResult<bool> answered = Exchange(request, static _ => { });
        return new(answered.Errno);
    }

    /// <summary>
    /// Asks for messages (NLM_F_DUMP, or one that answers a question) and hands over what each holds behind its header.
    /// EAGAIN: they were changed all the time while they were read.
    /// </summary>
    public SysResult<List<byte[]>> Read(NetlinkRequest request)
    {
        for (int i = 0; i < Attempts; i++)
        {
            List<byte[]> messages = [];
            SysResult<bool> answered = Exchange(request, message => messages.Add(message.ToArray()));
            if (!answered.Ok || answered.Value)
            {
                return new(messages, answered.Errno);
            }
        }

        return new([], Errno.EAGAIN);
    }

    /// <inheritdoc />
    public void Dispose() => socket.Dispose();

    private delegate void Take(ReadOnlySpan<byte> message);

    // The value says whether what was listed is of one moment.
    private SysResult<bool> Exchange(NetlinkRequest request, Take take)
    {
        request.Number(++sequence);
        SysResult<int> sent = Files.Write(socket, request.Bytes);
        if (!sent.Ok)
        {
            return new(false, sent.Errno);
        }

        byte[] piece = new byte[LongestPiece];
        bool consistent = true;
        while (true)
        {
            SysResult<int> received = Receive(piece, MessageFlags.None);
            if (!received.Ok)
            {
                return new(false, received.Errno);
            }

            ReadOnlySpan<byte> rest = piece.AsSpan(0, received.Value);
            while (NetlinkMessage.TryTake(ref rest, out NetlinkMessage message))
            {
                // An answer to a question that was given up.
                if (message.Sequence != sequence)
                {
                    continue;
                }

                consistent &= (message.Flags & NetlinkFlags.NLM_F_DUMP_INTR) == 0;
                if (message.EndsAnswer)
                {
                    return new(consistent, message.Errno);
                }

                take(message.Body);
            }
        }
    }

    private SysResult<int> Receive(Span<byte> piece, MessageFlags how)
    {
        using Borrowed descriptor = new(socket);
        nint raw;
        MessageFlags flags;
        do
        {
            raw = Interop.recvmsg(descriptor.Number, piece, default, how, out _, out flags);
        } while (Interop.Interrupted(raw));

        return raw < 0 ? Interop.Failed<int>(raw)
            : (flags & MessageFlags.MSG_TRUNC) != 0 ? new(0, Errno.EMSGSIZE)
            : new((int)raw, Errno.None);
    }
}
