using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// A line on which the kernel tells what it counted about tasks: taskstats over generic netlink. Needs CAP_NET_ADMIN in
/// the machine's first user and PID namespaces. For one thread at a time. Documentation/accounting/taskstats.rst.
/// </summary>
public sealed class TaskStatisticsSocket : IDisposable
{
    private const NetlinkMessageType Control = (NetlinkMessageType)16;
    private const byte GetFamily = 3;
    private const ushort FamilyId = 1;
    private const ushort FamilyName = 2;

    private const byte Get = 1;
    private const ushort WantedThread = 1;
    private const ushort WantedProcess = 2;
    private const ushort WantedProcessors = 3;
    private const ushort Statistics = 3;
    private const ushort OfThread = 4;
    private const ushort OfProcess = 5;

    /// <summary>The size of a struct genlmsghdr: command, version, nothing.</summary>
    private const int GenericHeader = 4;

    private const int Room = 4 << 20;

    private readonly NetlinkSocket socket;
    private readonly byte[] piece = new byte[16 << 10];
    private readonly Queue<TaskStatistics> ended = new();
    private NetlinkMessageType family;

    private TaskStatisticsSocket(NetlinkSocket socket) => this.socket = socket;

    /// <summary>The descriptor to wait for; stays this object's.</summary>
    public SocketFd Descriptor => socket.Descriptor;

    /// <summary>Opens it. ENOENT: the kernel has no CONFIG_TASKSTATS.</summary>
    public static SysResult<TaskStatisticsSocket> Open()
    {
        SysResult<NetlinkSocket> opened = NetlinkSocket.Open(NetlinkProtocol.NETLINK_GENERIC);
        if (!opened.Ok)
        {
            return new(null!, opened.Errno);
        }

        TaskStatisticsSocket made = new(opened.Value);
        SysResult<List<byte[]>> answer = opened.Value.Read(
            new NetlinkRequest(Control, NetlinkFlags.NLM_F_ACK, Header(GetFamily)).Add(FamilyName, "TASKSTATS")
        );
        if (answer.Ok && answer.Value.Count > 0)
        {
            NetlinkAttributes attributes = new(answer.Value[0].AsSpan(GenericHeader));
            while (attributes.Next())
            {
                if (attributes.Type == FamilyId && attributes.Value.Length == 2)
                {
                    made.family = (NetlinkMessageType)BinaryPrimitives.ReadUInt16LittleEndian(attributes.Value);
                    return new(made, Errno.None);
                }
            }
        }

        opened.Value.Dispose();
        return new(null!, answer.Ok ? Errno.ENOENT : answer.Errno);
    }

    /// <summary>A process with all its threads, ended ones too. ESRCH: there is none; EPERM: no CAP_NET_ADMIN.</summary>
    public SysResult<TaskStatistics> ReadProcess(int processId) => Read(WantedProcess, processId);

    /// <summary>One thread. ESRCH: there is none; EPERM: no CAP_NET_ADMIN.</summary>
    public SysResult<TaskStatistics> ReadThread(int threadId) => Read(WantedThread, threadId);

    /// <summary>
    /// From now on every thread that ends on one of the processors is told of. Only for this socket to be used for
    /// <see cref="TryTakeEnded"/>. EPERM: no CAP_NET_ADMIN.
    /// </summary>
    /// <param name="processors">Processors as a list of ranges, as in /sys/devices/system/cpu/possible.</param>
    public SysResult ListenToEnds(string processors)
    {
        socket.MakeRoom(Room);
        return socket.Do(
            new NetlinkRequest(family, NetlinkFlags.NLM_F_ACK, Header(Get)).Add(WantedProcessors, processors)
        );
    }

    /// <summary>
    /// The next thread that ended, at once. EAGAIN: there is none. ENOBUFS: some were lost, because they came faster than
    /// they were taken.
    /// </summary>
    public SysResult<TaskStatistics> TryTakeEnded()
    {
        while (true)
        {
            if (ended.TryDequeue(out TaskStatistics? first))
            {
                return new(first, Errno.None);
            }

            SysResult<int> received = socket.TryReceive(piece);
            if (!received.Ok)
            {
                return new(null!, received.Errno);
            }

            ReadOnlySpan<byte> rest = piece.AsSpan(0, received.Value);
            while (NetlinkMessage.TryTake(ref rest, out NetlinkMessage message))
            {
                if (message.Type == family && Of(message.Body) is { } statistics)
                {
                    ended.Enqueue(statistics);
                }
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => socket.Dispose();

    private SysResult<TaskStatistics> Read(ushort attribute, int number)
    {
        SysResult<List<byte[]>> answer = socket.Read(
            new NetlinkRequest(family, NetlinkFlags.NLM_F_ACK, Header(Get)).Add(attribute, (uint)number)
        );
        if (!answer.Ok)
        {
            return new(null!, answer.Errno);
        }

        foreach (byte[] message in answer.Value)
        {
            if (Of(message) is { } statistics)
            {
                return new(statistics, Errno.None);
            }
        }

        return new(null!, Errno.ESRCH);
    }

    // The one of the thread comes first; that of its process follows where it was the last.
    private static TaskStatistics? Of(ReadOnlySpan<byte> message)
    {
        if (message.Length < GenericHeader)
        {
            return null;
        }

        NetlinkAttributes outer = new(message[GenericHeader..]);
        while (outer.Next())
        {
            if (outer.Type is not (OfThread or OfProcess))
            {
                continue;
            }

            NetlinkAttributes inner = new(outer.Value);
            while (inner.Next())
            {
                if (inner.Type == Statistics && inner.Value.Length >= 216)
                {
                    return TaskStatistics.Parse(inner.Value);
                }
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> Header(byte command) => new byte[] { command, 1, 0, 0 };
}
