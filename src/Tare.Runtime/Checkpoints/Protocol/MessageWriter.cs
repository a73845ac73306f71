using System.Buffers;
using System.Text;

namespace Tare.Runtime.Checkpoints.Protocol;

/// <summary>Writes a message of protocol buffers: field after field. Encoding guide, "Message structure".</summary>
internal sealed class MessageWriter
{
    private readonly ArrayBufferWriter<byte> bytes = new(256);

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    /// <summary>Writes a number (int32, uint32, enum); null writes nothing.</summary>
    public void Number(int field, long? value)
    {
        if (value is { } number)
        {
            Tag(field, WireType.Number);
            Varint((ulong)number);
        }
    }

    /// <summary>Writes a flag that is set; of one that is not, nothing.</summary>
    public void Flag(int field, bool value)
    {
        if (value)
        {
            Number(field, 1);
        }
    }

    /// <summary>Writes a text; null writes nothing.</summary>
    public void Text(int field, string? value)
    {
        if (value is not null)
        {
            Bytes(field, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>Writes a message inside this one.</summary>
    public void Message(int field, Action<MessageWriter> write)
    {
        MessageWriter inner = new();
        write(inner);
        Bytes(field, inner.Written);
    }

    private void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)value.Length);
        bytes.Write(value);
    }

    private void Tag(int field, WireType type) => Varint(((ulong)field << 3) | (uint)type);

    private void Varint(ulong value)
    {
        const int Longest = 10;
        Span<byte> buffer = stackalloc byte[Longest];
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            buffer[length++] = (byte)(value | 0x80);
        }

        buffer[length++] = (byte)value;
        bytes.Write(buffer[..length]);
    }
}
