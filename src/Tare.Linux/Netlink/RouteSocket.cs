using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// A line to the kernel's network configuration: devices, addresses, routes of one network namespace, the one that the
/// socket was made in, wherever it is used later. For one thread at a time. rtnetlink(7).
/// </summary>
public sealed class RouteSocket : IDisposable
{
    /// <summary>The kernel sends no longer pieces, whatever it lists.</summary>
    private const int LongestPiece = 64 << 10;

    /// <summary>A list that was changed while it was read is read again so often.</summary>
    private const int Attempts = 16;

    private readonly SocketFd socket;
    private uint sequence;

    private RouteSocket(SocketFd socket) => this.socket = socket;

    /// <summary>To the network namespace of the calling thread.</summary>
    public static SysResult<RouteSocket> Open()
    {
        const int NetlinkRoute = 0;
        nint raw = Interop.Call(
            Syscall.socket,
            (nint)(int)SocketFamily.AF_NETLINK,
            (nint)(uint)(SocketFlags.SOCK_RAW | SocketFlags.SOCK_CLOEXEC),
            NetlinkRoute
        );
        return raw < 0 ? Interop.Failed<RouteSocket>(raw) : new(new RouteSocket(new SocketFd((int)raw)), Errno.None);
    }

    /// <summary>
    /// To another network namespace. A thread of its own enters that and ends there, so that no thread of the caller's is
    /// ever in it. EPERM: no CAP_SYS_ADMIN in the namespace's owner; EINVAL: it is no network namespace.
    /// </summary>
    public static SysResult<RouteSocket> OpenIn(NamespaceFd network)
    {
        SysResult<RouteSocket> opened = default;
        Thread thread = new(() =>
        {
            SysResult entered = Namespaces.SetNs(network, CloneFlags.CLONE_NEWNET);
            opened = entered.Ok ? Open() : new(null!, entered.Errno);
        });
        thread.Start();
        thread.Join();
        return opened;
    }

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

    /// <inheritdoc/>
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
            SysResult<int> received = Receive(piece);
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

    private SysResult<int> Receive(Span<byte> piece)
    {
        using Borrowed descriptor = new(socket);
        nint raw;
        MessageFlags flags;
        do
        {
            raw = Interop.recvmsg(descriptor.Number, piece, default, MessageFlags.None, out _, out flags);
        } while (Interop.Interrupted(raw));

        return raw < 0 ? Interop.Failed<int>(raw)
            : (flags & MessageFlags.MSG_TRUNC) != 0 ? new(0, Errno.EMSGSIZE)
            : new((int)raw, Errno.None);
    }
}
