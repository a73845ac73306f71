using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>How fast a network device may send.</summary>
/// <param name="BytesPerSecond">The rate.</param>
/// <param name="Burst">How many bytes may be sent at once, at least the longest packet.</param>
/// <param name="Queue">How many bytes may wait; what is more is dropped.</param>
public readonly record struct TrafficRate(ulong BytesPerSecond, uint Burst, uint Queue);

/// <summary>
/// Limits what network devices send, by a token bucket at their root: of a device in a network namespace of its own that is all
/// its processes send. CAP_NET_ADMIN in the namespace. tc-tbf(8); ENOENT: the kernel has no CONFIG_NET_SCH_TBF.
/// </summary>
public static class TrafficShaping
{
    private const string Kind = "tbf";
    private const uint AtRoot = 0xFFFF_FFFF; // TC_H_ROOT
    private const ushort KindAttribute = 1; // TCA_KIND
    private const ushort OptionsAttribute = 2; // TCA_OPTIONS
    private const ushort ParametersAttribute = 1; // TCA_TBF_PARMS
    private const ushort RateAttribute = 4; // TCA_TBF_RATE64
    private const ushort BurstAttribute = 6; // TCA_TBF_BURST
    private const int HeaderSize = 20; // struct tcmsg
    private const int ParametersSize = 36; // struct tc_tbf_qopt
    private const int LimitOffset = 24;

    /// <summary>Sets the rate; what was at the root before is replaced.</summary>
    /// <param name="socket">To the device's namespace.</param>
    /// <param name="index">The device.</param>
    /// <param name="rate">How fast.</param>
    public static SysResult Limit(RouteSocket socket, int index, TrafficRate rate)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rate.BytesPerSecond, nameof(rate));
        ArgumentOutOfRangeException.ThrowIfZero(rate.Burst, nameof(rate));
        Span<byte> parameters = stackalloc byte[ParametersSize];
        parameters.Clear();
        parameters[1] = 1; // the link layer is Ethernet, so that no table is asked for
        BinaryPrimitives.WriteUInt32LittleEndian(parameters[8..], (uint)Math.Min(rate.BytesPerSecond, uint.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(parameters[LimitOffset..], Math.Max(rate.Queue, rate.Burst));
        NetlinkRequest request = new NetlinkRequest(
            NetlinkMessageType.RTM_NEWQDISC,
            NetlinkFlags.NLM_F_ACK | NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_REPLACE,
            Header(index)
        ).Add(KindAttribute, Kind);
        int options = request.Begin(OptionsAttribute);
        request.Add(ParametersAttribute, parameters).Add(BurstAttribute, rate.Burst);
        if (rate.BytesPerSecond > uint.MaxValue)
        {
            Span<byte> large = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(large, rate.BytesPerSecond);
            request.Add(RateAttribute, large);
        }

        return socket.Do(request.End(options));
    }

    /// <summary>Takes the limit away. ENOENT or EINVAL: there is none.</summary>
    public static SysResult Remove(RouteSocket socket, int index) =>
        socket.Do(new(NetlinkMessageType.RTM_DELQDISC, NetlinkFlags.NLM_F_ACK, Header(index)));

    /// <summary>The limit that is set; null where there is none. The burst is told by tc(8) alone, as a time: 0 here.</summary>
    public static SysResult<TrafficRate?> Read(RouteSocket socket, int index)
    {
        SysResult<List<byte[]>> read = socket.Read(
            new(NetlinkMessageType.RTM_GETQDISC, NetlinkFlags.NLM_F_DUMP, Header(index))
        );
        foreach (byte[] message in read.Value ?? [])
        {
            if (
                message.Length > HeaderSize
                && BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(4)) == index
                && BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(12)) == AtRoot
                && Parse(message.AsSpan(HeaderSize)) is { } rate
            )
            {
                return new(rate, Errno.None);
            }
        }

        return new(null, read.Errno);
    }

    /// <summary>Takes a rate out of a queueing discipline's attributes; null where it is of another kind.</summary>
    internal static TrafficRate? Parse(ReadOnlySpan<byte> message)
    {
        bool known = false;
        TrafficRate? rate = null;
        NetlinkAttributes attributes = new(message);
        while (attributes.Next())
        {
            if (attributes.Type == KindAttribute)
            {
                known = attributes.Text == Kind;
            }
            else if (attributes.Type == OptionsAttribute)
            {
                rate = ParseOptions(attributes.Value);
            }
        }

        return known ? rate : null;
    }

    private static TrafficRate? ParseOptions(ReadOnlySpan<byte> options)
    {
        TrafficRate? rate = null;
        ulong? large = null;
        NetlinkAttributes attributes = new(options);
        while (attributes.Next())
        {
            ReadOnlySpan<byte> value = attributes.Value;
            if (attributes.Type == ParametersAttribute && value.Length >= ParametersSize)
            {
                uint queue = BinaryPrimitives.ReadUInt32LittleEndian(value[LimitOffset..]);
                rate = new(BinaryPrimitives.ReadUInt32LittleEndian(value[8..]), 0, queue);
            }
            else if (attributes.Type == RateAttribute && value.Length == sizeof(ulong))
            {
                large = BinaryPrimitives.ReadUInt64LittleEndian(value);
            }
        }

        return large is { } real && rate is { } known ? known with { BytesPerSecond = real } : rate;
    }

    private static byte[] Header(int index)
    {
        byte[] header = new byte[HeaderSize];
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), index);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), AtRoot);
        return header;
    }
}
