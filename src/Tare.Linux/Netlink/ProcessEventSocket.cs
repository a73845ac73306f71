using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// A line on which the kernel says what happens to all processes: its process connector. Needs CAP_NET_ADMIN in the
/// machine's first user and PID namespaces, and CONFIG_PROC_EVENTS. For one thread at a time. linux/cn_proc.h.
/// </summary>
public sealed class ProcessEventSocket : IDisposable
{
    private const uint Group = 1;
    private const uint Listen = 1;
    private const uint Ignore = 2;

    /// <summary>Bytes of messages that may wait: some ten thousand events.</summary>
    private const int Room = 4 << 20;

    /// <summary>The size of a struct cn_msg.</summary>
    private const int ConnectorHeader = 20;

    private readonly NetlinkSocket socket;
    private readonly ProcessEventKinds kinds;
    private readonly byte[] piece = new byte[4096];

    private ProcessEventSocket(NetlinkSocket socket, ProcessEventKinds kinds)
    {
        this.socket = socket;
        this.kinds = kinds;
    }

    /// <summary>The descriptor to wait for; stays this object's.</summary>
    public SocketFd Descriptor => socket.Descriptor;

    /// <summary>
    /// Begins to listen. EPERM: no CAP_NET_ADMIN, or not in the first namespaces; EPROTONOSUPPORT or ENOSYS: the kernel has
    /// no process connector.
    /// </summary>
    /// <param name="kinds">What is wanted. The kernel filters since Linux 6.6; before, it is filtered here.</param>
    public static SysResult<ProcessEventSocket> Open(ProcessEventKinds kinds = ProcessEventKinds.PROC_EVENT_ALL)
    {
        SysResult<NetlinkSocket> opened = NetlinkSocket.Open(NetlinkProtocol.NETLINK_CONNECTOR);
        if (!opened.Ok)
        {
            return new(null!, opened.Errno);
        }

        ProcessEventSocket events = new(opened.Value, kinds);
        SysResult step = opened.Value.Join(Group);
        if (step.Ok)
        {
            opened.Value.MakeRoom(Room);
            step = events.Begin();
        }

        if (step.Ok)
        {
            return new(events, Errno.None);
        }

        opened.Value.Dispose();
        return new(null!, step.Errno);
    }

    /// <summary>
    /// Takes the next event, at once. EAGAIN: there is none. An event of kind PROC_EVENT_NONE says that others were lost.
    /// </summary>
    public SysResult<ProcessEvent> TryTake()
    {
        while (true)
        {
            SysResult<ProcessEvent?> taken = TakeAny();
            if (!taken.Ok)
            {
                return new(null!, taken.Errno);
            }

            if (taken.Value is { Answer: null } happened && (happened.Kind == 0 || (happened.Kind & kinds) != 0))
            {
                return new(happened, Errno.None);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // Linux before 6.6 counts who listens, and goes on sending otherwise.
        if (!socket.Descriptor.IsClosed)
        {
            Ask(Ignore, null);
            socket.Dispose();
        }
    }

    private SysResult Begin()
    {
        SysResult asked = Ask(Listen, null);
        if (!asked.Ok)
        {
            return asked;
        }

        // The answer is there when the call returns; events may have come before it.
        while (true)
        {
            SysResult<ProcessEvent?> taken = TakeAny();
            if (!taken.Ok)
            {
                return new(taken.Errno == Errno.EAGAIN ? Errno.ENOSYS : taken.Errno);
            }

            if (taken.Value?.Answer is { } answer)
            {
                return answer != Errno.None || kinds == ProcessEventKinds.PROC_EVENT_ALL
                    ? new(answer)
                    : Ask(Listen, kinds);
            }
        }
    }

    // A struct nlmsghdr, a struct cn_msg and either an operation or, since Linux 6.6, a struct proc_input.
    private SysResult Ask(uint operation, ProcessEventKinds? wanted)
    {
        Span<byte> body = stackalloc byte[ConnectorHeader + 8];
        body.Clear();
        int length = wanted is null ? 4 : 8;
        BinaryPrimitives.WriteUInt32LittleEndian(body, Group);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(body[16..], (ushort)length);
        BinaryPrimitives.WriteUInt32LittleEndian(body[ConnectorHeader..], operation);
        BinaryPrimitives.WriteUInt32LittleEndian(body[(ConnectorHeader + 4)..], (uint)(wanted ?? 0));
        NetlinkRequest request = new(
            NetlinkMessageType.NLMSG_DONE,
            NetlinkFlags.None,
            body[..(ConnectorHeader + length)]
        );
        request.Number(1);
        return socket.Send(request.Bytes);
    }

    private SysResult<ProcessEvent?> TakeAny()
    {
        SysResult<int> received = socket.TryReceive(piece);
        if (!received.Ok)
        {
            return received.Errno == Errno.ENOBUFS
                ? new(new ProcessEvent { Kind = ProcessEventKinds.PROC_EVENT_NONE }, Errno.None)
                : new(null, received.Errno);
        }

        ReadOnlySpan<byte> rest = piece.AsSpan(0, received.Value);
        return new(
            NetlinkMessage.TryTake(ref rest, out NetlinkMessage message) && message.Body.Length >= ConnectorHeader
                ? ProcessEvent.Parse(message.Body[ConnectorHeader..])
                : null,
            Errno.None
        );
    }
}
