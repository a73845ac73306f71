using System.Buffers.Binary;

namespace Tare.Linux;

/// <summary>The attributes of a message from the kernel, one after the other. What does not fit ends them. netlink(7).</summary>
public ref struct NetlinkAttributes
{
    private const int HeaderLength = 4;

    /// <summary>The bits of a type that say how its value is made up and not what it is.</summary>
    private const ushort Kind = 0x3fff;

    private ReadOnlySpan<byte> rest;

    /// <summary>Begins before the first of them.</summary>
    public NetlinkAttributes(ReadOnlySpan<byte> attributes) => rest = attributes;

    /// <summary>Which attribute it is.</summary>
    public ushort Type { get; private set; }

    /// <summary>Its value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The value as a number of 32 bits; 0 where it is none.</summary>
    public readonly uint UInt32 => Value.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(Value) : 0;

    /// <summary>The value as a text, without the zero that ends it.</summary>
    public readonly string Text => System.Text.Encoding.UTF8.GetString(Value.TrimEnd((byte)0));

    /// <summary>Goes to the next one.</summary>
    public bool Next()
    {
        if (rest.Length < HeaderLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (length < HeaderLength || length > rest.Length)
        {
            return false;
        }

        Type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) & Kind);
        Value = rest[HeaderLength..length];
        rest = rest[Math.Min(rest.Length, (length + 3) & ~3)..];
        return true;
    }
}
