using System.Text;

namespace Tare.Runtime.Checkpoints.Protocol;

/// <summary>
/// Reads a message of protocol buffers field by field. It reads nothing outside of the bytes that it is given and makes
/// nothing that is larger than they are.
/// </summary>
/// <param name="message">The message.</param>
internal ref struct MessageReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, where that is a number; else 0.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its value, where that is bytes; else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Its value as a text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Its value as an int32, which is sent with all 64 bits where it is negative.</summary>
    public readonly int Int32 => unchecked((int)Number);

    /// <summary>Its value as a flag.</summary>
    public readonly bool Flag => Number != 0;

    /// <summary>Reads the next field; false at the end.</summary>
    /// <exception cref="FormatException">The bytes are no message, or not the whole of one.</exception>
    public bool Next()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        ulong tag = Varint();
        if (tag >> 3 is 0 or > int.MaxValue)
        {
            throw new FormatException("a field has no number");
        }

        Field = (int)(tag >> 3);
        Number = 0;
        Bytes = default;
        switch ((WireType)(tag & 7))
        {
            case WireType.Number:
                Number = Varint();
                break;
            case WireType.Bytes:
                ulong length = Varint();
                Bytes = length <= (ulong)rest.Length ? Take((int)length) : throw Truncated();
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong));
                break;
            case WireType.Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw new FormatException($"field {Field} has an unknown type");
        }

        return true;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("a number is too long");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > rest.Length)
        {
            throw Truncated();
        }

        ReadOnlySpan<byte> taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static FormatException Truncated() => new("it is not complete");
}
