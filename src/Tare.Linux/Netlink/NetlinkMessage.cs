using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A message from the kernel, taken out of what was received. netlink(7).</summary>
internal readonly ref struct NetlinkMessage
{
    private const int HeaderLength = NetlinkRequest.HeaderLength;

    private NetlinkMessage(ReadOnlySpan<byte> bytes)
    {
        Type = (NetlinkMessageType)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        Flags = (NetlinkFlags)BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        Sequence = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        Body = bytes[HeaderLength..];
    }

    public NetlinkMessageType Type { get; }

    public NetlinkFlags Flags { get; }

    /// <summary>The request that it answers.</summary>
    public uint Sequence { get; }

    /// <summary>What is behind the header.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Nothing follows: an error or an acknowledgement, or a list's end.</summary>
    public bool EndsAnswer => Type is NetlinkMessageType.NLMSG_ERROR or NetlinkMessageType.NLMSG_DONE;

    /// <summary>What such an end says.</summary>
    public Errno Errno =>
        Body.Length >= sizeof(int) ? (Errno)(-BinaryPrimitives.ReadInt32LittleEndian(Body)) : Errno.None;

    /// <summary>Takes the first message; false where there is no whole one.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> bytes, out NetlinkMessage message)
    {
        message = default;
        if (bytes.Length < HeaderLength)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length < HeaderLength || length > bytes.Length)
        {
            return false;
        }

        message = new NetlinkMessage(bytes[..(int)length]);
        bytes = bytes[(int)Math.Min((uint)bytes.Length, (length + 3) & ~3u)..];
        return true;
    }
}
