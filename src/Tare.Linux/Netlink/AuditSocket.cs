using System.Buffers.Binary;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What the kernel's audit does. linux/audit.h, struct audit_status.</summary>
/// <param name="Enabled">0 off, 1 on, 2 on and locked.</param>
/// <param name="Failure">What happens when a record is lost: 0 nothing, 1 a message, 2 the machine stops.</param>
/// <param name="ListenerId">The process that takes the records; 0: none does, the kernel's log has them.</param>
/// <param name="RateLimit">How many records a second; 0 any number.</param>
/// <param name="BacklogLimit">How many records may wait.</param>
/// <param name="Lost">How many were lost.</param>
/// <param name="Backlog">How many wait.</param>
public readonly record struct AuditStatus(
    uint Enabled,
    uint Failure,
    int ListenerId,
    uint RateLimit,
    uint BacklogLimit,
    uint Lost,
    uint Backlog
);

/// <summary>A record of the kernel's audit.</summary>
/// <param name="Type">Which: 1300 is a system call, 1100 to 1199 are programs' own.</param>
/// <param name="Text">The record, as auditd(8) writes it: <c>audit(1730000000.123:45): …</c>.</param>
public sealed record AuditRecord(int Type, string Text);

/// <summary>
/// A line to the kernel's audit. It asks and tells, and beside whoever takes the records as auditd(8) it can read them too. In the
/// machine's first namespaces only (ECONNREFUSED). EPROTONOSUPPORT: the kernel has no audit. For one thread at a time. audit(8).
/// </summary>
public sealed class AuditSocket : IDisposable
{
    private const uint Readers = 1; // AUDIT_NLGRP_READLOG
    private const uint Enabling = 1; // AUDIT_STATUS_ENABLED
    private const int Room = 4 << 20;
    private const int LongestRecord = 9000; // MAX_AUDIT_MESSAGE_LENGTH, and its header
    private const int StatusSize = 32;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly NetlinkSocket socket;
    private readonly byte[] piece = new byte[LongestRecord];

    private AuditSocket(NetlinkSocket socket) => this.socket = socket;

    /// <summary>The descriptor to wait for; stays this object's.</summary>
    public SocketFd Descriptor => socket.Descriptor;

    /// <summary>Opens a line.</summary>
    /// <param name="listen">Records are read by it too. EPERM: CAP_AUDIT_READ. Linux 3.16.</param>
    public static SysResult<AuditSocket?> Open(bool listen = false)
    {
        SysResult<NetlinkSocket> opened = NetlinkSocket.Open(NetlinkProtocol.NETLINK_AUDIT);
        if (!opened.Ok)
        {
            return new(null, opened.Errno);
        }

        if (listen)
        {
            opened.Value.MakeRoom(Room);
            SysResult joined = opened.Value.Join(Readers);
            if (!joined.Ok)
            {
                opened.Value.Dispose();
                return new(null, joined.Errno);
            }
        }

        return new(new AuditSocket(opened.Value), Errno.None);
    }

    /// <summary>
    /// What the audit does now. Records that come meanwhile are passed over: who listens asks on another line. EPERM:
    /// CAP_AUDIT_CONTROL. AUDIT_GET.
    /// </summary>
    public SysResult<AuditStatus> ReadStatus()
    {
        NetlinkRequest request = new(NetlinkMessageType.AUDIT_GET, NetlinkFlags.NLM_F_ACK, default);
        request.Number(1);
        SysResult step = socket.Send(request.Bytes);
        while (step.Ok)
        {
            // The kernel answers by a thread of its own, after it has acknowledged.
            SysResult<PollEvents> ready = Poll.Wait(socket.Descriptor, PollEvents.POLLIN, Longest);
            step = new(ready.Ok && ready.Value == PollEvents.None ? Errno.ETIMEDOUT : ready.Errno);
            SysResult<int> received = step.Ok ? socket.TryReceive(piece) : default;
            ReadOnlySpan<byte> rest = piece.AsSpan(0, received.Value);
            while (NetlinkMessage.TryTake(ref rest, out NetlinkMessage message))
            {
                if (message.Type == NetlinkMessageType.AUDIT_GET && message.Body.Length >= StatusSize)
                {
                    return new(Status(message.Body), Errno.None);
                }

                if (message.Type == NetlinkMessageType.NLMSG_ERROR && message.Errno != Errno.None)
                {
                    return new(default, message.Errno);
                }
            }
        }

        return new(default, step.Errno);
    }

    /// <summary>
    /// Switches the audit of the whole machine on or off. EPERM: CAP_AUDIT_CONTROL, or the audit is locked until the machine is
    /// booted again. AUDIT_SET.
    /// </summary>
    public SysResult SetEnabled(bool on)
    {
        Span<byte> status = stackalloc byte[StatusSize];
        status.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(status, Enabling);
        BinaryPrimitives.WriteUInt32LittleEndian(status[sizeof(uint)..], on ? 1u : 0u);
        return socket.Do(new(NetlinkMessageType.AUDIT_SET, NetlinkFlags.NLM_F_ACK, status));
    }

    /// <summary>
    /// Writes a record of this program's own, of the type AUDIT_TRUSTED_APP; nothing happens where the audit is off. EPERM:
    /// CAP_AUDIT_WRITE.
    /// </summary>
    public SysResult Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return socket.Do(
            new(NetlinkMessageType.AUDIT_TRUSTED_APP, NetlinkFlags.NLM_F_ACK, Encoding.UTF8.GetBytes(text + "\0"))
        );
    }

    /// <summary>Takes the next record, at once. EAGAIN: there is none; ENOBUFS: some were lost.</summary>
    public SysResult<AuditRecord?> TryTake()
    {
        while (true)
        {
            SysResult<int> received = socket.TryReceive(piece);
            if (!received.Ok)
            {
                return new(null, received.Errno);
            }

            if (Parse(piece.AsSpan(0, received.Value)) is { } record)
            {
                return new(record, Errno.None);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => socket.Dispose();

    /// <summary>Takes a record out of what was received; null where it is none.</summary>
    internal static AuditRecord? Parse(ReadOnlySpan<byte> received)
    {
        // Of some kernels the length is without the header.
        const int Header = NetlinkRequest.HeaderLength;
        const int FirstRecord = 1100;
        return received.Length > Header && BinaryPrimitives.ReadUInt16LittleEndian(received[4..]) >= FirstRecord
            ? new(
                BinaryPrimitives.ReadUInt16LittleEndian(received[4..]),
                Encoding.UTF8.GetString(received[Header..]).TrimEnd('\0', '\n')
            )
            : null;
    }

    private static AuditStatus Status(ReadOnlySpan<byte> status) =>
        new(
            Number(status, 1),
            Number(status, 2),
            (int)Number(status, 3),
            Number(status, 4),
            Number(status, 5),
            Number(status, 6),
            Number(status, 7)
        );

    private static uint Number(ReadOnlySpan<byte> status, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(status[(index * sizeof(uint))..]);
}
