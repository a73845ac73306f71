using System.Buffers.Binary;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// A message to the kernel while it is being written: a header, a family's own header, attributes. netlink(7). Numbers are in
/// the machine's order, which is little-endian on everything that Tare runs on; what lies in them is aligned to 4 bytes.
/// </summary>
public sealed class NetlinkRequest
{
    internal const int HeaderLength = 16;
    private const int AttributeHeaderLength = 4;
    private byte[] buffer = new byte[128];
    private int length;

    /// <summary>Begins a message.</summary>
    /// <param name="type">What it asks for.</param>
    /// <param name="flags">NLM_F_REQUEST is always among them.</param>
    /// <param name="header">The family's own header: a struct ifinfomsg, ifaddrmsg or the like.</param>
    public NetlinkRequest(NetlinkMessageType type, NetlinkFlags flags, ReadOnlySpan<byte> header)
    {
        Span<byte> head = Take(HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(head[6..], (ushort)(flags | NetlinkFlags.NLM_F_REQUEST));
        header.CopyTo(Take(header.Length));
    }

    /// <summary>The message as it is sent.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>Adds an attribute: a <see cref="LinkAttribute"/>, an <see cref="AddressAttribute"/>.</summary>
    /// <exception cref="ArgumentException">The value does not fit into one: it has at most 65,531 bytes.</exception>
    public NetlinkRequest Add(ushort attribute, ReadOnlySpan<byte> value)
    {
        if (value.Length > ushort.MaxValue - AttributeHeaderLength)
        {
            throw new ArgumentException($"attribute {attribute}: {value.Length} bytes are too many", nameof(value));
        }

        Span<byte> taken = Take(AttributeHeaderLength + value.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(taken, (ushort)(AttributeHeaderLength + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(taken[2..], attribute);
        value.CopyTo(taken[AttributeHeaderLength..]);
        return this;
    }

    /// <summary>Adds an attribute of 32 bits.</summary>
    public NetlinkRequest Add(ushort attribute, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Add(attribute, bytes);
    }

    /// <summary>Adds a text, with the zero that ends it.</summary>
    public NetlinkRequest Add(ushort attribute, string value) => Add(attribute, Encoding.UTF8.GetBytes(value + "\0"));

    /// <summary>Begins an attribute that holds others; <see cref="End"/> with what this returns ends it.</summary>
    public int Begin(ushort attribute)
    {
        int start = length;
        Add(attribute, default(ReadOnlySpan<byte>));
        return start;
    }

    /// <summary>Ends an attribute that holds others.</summary>
    public NetlinkRequest End(int start)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(start), checked((ushort)(length - start)));
        return this;
    }

    /// <summary>Says which message an answer belongs to.</summary>
    internal void Number(uint sequence)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer, length);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(8), sequence);
    }

    // Cleared and aligned; the length that a header says is without the padding.
    private Span<byte> Take(int bytes)
    {
        int aligned = (bytes + 3) & ~3;
        if (length + aligned > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + aligned));
        }

        Span<byte> taken = buffer.AsSpan(length, aligned);
        taken.Clear();
        length += aligned;
        return taken[..bytes];
    }
}
