using System.Buffers.Binary;

namespace Tare.Runtime.DBus;

/// <summary>A message: a header that says what it is about, and values. D-Bus specification, "Message Protocol".</summary>
internal sealed record DBusMessage
{
    /// <summary>As much of the beginning tells how long the whole is, in bytes.</summary>
    public const int Beginning = 16;

    /// <summary>
    /// The longest that is taken in: 16 MiB. What is asked for here has a few hundred bytes, but what a service manager tells
    /// everybody can be longer.
    /// </summary>
    public const int Longest = 16 << 20;

    public required DBusMessageType Type { get; init; }

    public uint Serial { get; init; }

    public string? Path { get; init; }

    public string? Interface { get; init; }

    public string? Member { get; init; }

    public string? ErrorName { get; init; }

    public uint ReplySerial { get; init; }

    public string? Destination { get; init; }

    public string? Sender { get; init; }

    /// <summary>The types of what is in <see cref="Body"/>.</summary>
    public string Signature { get; init; } = "";

    /// <summary>The values; it begins at a multiple of eight.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The length of the message that begins with these bytes (of which there must be <see cref="Beginning"/>).</summary>
    /// <exception cref="DBusException">They are no beginning of a message, or of one that is too long.</exception>
    public static int LengthOf(ReadOnlySpan<byte> begin)
    {
        if (begin[0] != (byte)'l')
        {
            throw DBusReader.Malformed(begin[0] == (byte)'B' ? "it is big-endian" : "it does not begin like one");
        }

        if (begin[3] != 1)
        {
            throw DBusReader.Malformed("it is of another version of the protocol");
        }

        uint body = BinaryPrimitives.ReadUInt32LittleEndian(begin[4..]);
        uint fields = BinaryPrimitives.ReadUInt32LittleEndian(begin[12..]);
        if (body > Longest || fields > Longest || Aligned(fields) + body + Beginning > Longest)
        {
            throw DBusReader.Malformed("it is too long");
        }

        return (int)(Beginning + Aligned(fields) + body);
    }

    /// <summary>Reads a whole message. Header fields that nobody here needs are passed over.</summary>
    /// <exception cref="DBusException">It is none.</exception>
    public static DBusMessage Parse(ReadOnlyMemory<byte> message)
    {
        ReadOnlySpan<byte> bytes = message.Span;
        if (bytes.Length < Beginning || bytes.Length != LengthOf(bytes))
        {
            throw DBusReader.Malformed("it has not the length that it says");
        }

        DBusReader reader = new(bytes);
        reader.ReadByte();
        byte type = reader.ReadByte();
        reader.ReadByte();
        reader.ReadByte();
        int body = (int)reader.ReadUInt32();
        DBusMessage parsed = new() { Type = (DBusMessageType)type, Serial = reader.ReadUInt32() };
        int end = reader.BeginArray(8);
        while (reader.Position < end)
        {
            reader.Align(8);
            parsed = WithField(parsed, reader.ReadByte(), ref reader);
        }

        if (reader.Position != end)
        {
            throw DBusReader.Malformed("its header has not the length that it says");
        }

        reader.Align(8);
        return parsed with { Body = message[^body..] };
    }

    /// <summary>The bytes of the message.</summary>
    public byte[] Write()
    {
        DBusWriter writer = new();
        writer.WriteByte((byte)'l');
        writer.WriteByte((byte)Type);
        writer.WriteByte(0);
        writer.WriteByte(1);
        writer.WriteUInt32((uint)Body.Length);
        writer.WriteUInt32(Serial);
        (int, int) fields = writer.BeginArray(8);
        Field(writer, 1, 'o', Path);
        Field(writer, 2, 's', Interface);
        Field(writer, 3, 's', Member);
        Field(writer, 4, 's', ErrorName);
        if (ReplySerial != 0)
        {
            writer.Align(8);
            writer.WriteByte(5);
            writer.WriteSignature("u");
            writer.WriteUInt32(ReplySerial);
        }

        Field(writer, 6, 's', Destination);
        Field(writer, 7, 's', Sender);
        Field(writer, 8, 'g', Signature.Length == 0 ? null : Signature);
        writer.EndArray(fields);
        writer.Align(8);
        return [.. writer.Bytes, .. Body.Span];
    }

    private static DBusMessage WithField(DBusMessage message, byte field, ref DBusReader reader)
    {
        string type = reader.ReadSignature();
        switch (field, type)
        {
            case (1, "o"):
                return message with { Path = reader.ReadString() };
            case (2, "s"):
                return message with { Interface = reader.ReadString() };
            case (3, "s"):
                return message with { Member = reader.ReadString() };
            case (4, "s"):
                return message with { ErrorName = reader.ReadString() };
            case (5, "u"):
                return message with { ReplySerial = reader.ReadUInt32() };
            case (6, "s"):
                return message with { Destination = reader.ReadString() };
            case (7, "s"):
                return message with { Sender = reader.ReadString() };
            case (8, "g"):
                return message with { Signature = reader.ReadSignature() };
            default:
                ReadOnlySpan<char> rest = type;
                reader.Skip(ref rest);
                return rest.IsEmpty ? message : throw DBusReader.Malformed("a header field has several values");
        }
    }

    private static void Field(DBusWriter writer, byte field, char type, string? value)
    {
        if (value is null)
        {
            return;
        }

        writer.Align(8);
        writer.WriteByte(field);
        writer.WriteSignature(type.ToString());
        if (type == 'g')
        {
            writer.WriteSignature(value);
        }
        else
        {
            writer.WriteString(value);
        }
    }

    private static uint Aligned(uint length) => (length + 7) & ~7u;
}
