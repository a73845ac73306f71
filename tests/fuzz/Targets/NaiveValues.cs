using System.Buffers.Binary;
using System.Text;
using Tare.Runtime.DBus;

namespace Tare.Fuzz.Targets;

/// <summary>
/// Reads values of D-Bus by the specification alone, a byte at a time, and writes each again. D-Bus specification,
/// "Marshaling (Wire Format)". Containers are followed as deep as the reader under test follows them.
/// </summary>
internal sealed class NaiveValues(byte[] body)
{
    private const int Deepest = 64;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly DBusWriter writer = new();

    /// <summary>How far it has come.</summary>
    public int Position { get; private set; }

    /// <summary>What it has read, written again.</summary>
    public byte[] Written => writer.Bytes.ToArray();

    /// <summary>Copies a value of each type; false where there are none, or the signature is none.</summary>
    public bool Copy(string signature)
    {
        try
        {
            for (int at = 0; at < signature.Length; )
            {
                at = Value(signature, at, 0);
            }

            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // The end of the type that begins at a place of the signature, of which a value has been copied.
    private int Value(string signature, int at, int depth)
    {
        Demand(depth <= Deepest && at < signature.Length);
        switch (signature[at])
        {
            case 'y':
                writer.WriteByte((byte)Number(1));
                return at + 1;
            case 'n' or 'q':
                writer.WriteUInt16((ushort)Number(2));
                return at + 1;
            case 'b' or 'i' or 'u' or 'h':
                writer.WriteUInt32((uint)Number(4));
                return at + 1;
            case 'x' or 't' or 'd':
                writer.WriteUInt64(Number(8));
                return at + 1;
            case 's' or 'o':
                writer.WriteString(Text((long)Number(4)));
                return at + 1;
            case 'g':
                writer.WriteSignature(Signature());
                return at + 1;
            case 'v':
                string inner = Signature();
                writer.WriteSignature(inner);
                Demand(Value(inner, 0, depth + 1) == inner.Length);
                return at + 1;
            case 'a':
                return Elements(signature, at + 1, depth + 1);
            case '(' or '{':
                return Fields(signature, at, depth);
            default:
                throw new FormatException();
        }
    }

    private int Fields(string signature, int at, int depth)
    {
        char close = signature[at] == '(' ? ')' : '}';
        Fill(8);
        writer.Align(8);
        at++;
        do
        {
            at = Value(signature, at, depth + 1);
            Demand(at < signature.Length);
        } while (signature[at] != close);

        return at + 1;
    }

    private int Elements(string signature, int at, int depth)
    {
        Demand(at < signature.Length);
        long length = (long)Number(4);
        int boundary = BoundaryOf(signature[at]);
        Fill(boundary);
        Demand(length <= body.Length - Position);
        (int, int) array = writer.BeginArray(boundary);
        long end = Position + length;
        int after = length == 0 ? TypeAfter(signature, at, depth) : at;
        while (Position < end)
        {
            after = Value(signature, at, depth);
        }

        Demand(Position == end);
        writer.EndArray(array);
        return after;
    }

    private static int TypeAfter(string signature, int at, int depth)
    {
        Demand(depth <= Deepest && at < signature.Length);
        char type = signature[at++];
        if (type == 'a')
        {
            return TypeAfter(signature, at, depth + 1);
        }

        if (type is '(' or '{')
        {
            do
            {
                at = TypeAfter(signature, at, depth + 1);
                Demand(at < signature.Length);
            } while (signature[at] != (type == '(' ? ')' : '}'));

            return at + 1;
        }

        Demand("ybnqiuxtdsoghv".Contains(type, StringComparison.Ordinal));
        return at;
    }

    private static int BoundaryOf(char type) =>
        "yvg".Contains(type, StringComparison.Ordinal) ? 1
        : "nq".Contains(type, StringComparison.Ordinal) ? 2
        : "xtd({".Contains(type, StringComparison.Ordinal) ? 8
        : "biuhsoa".Contains(type, StringComparison.Ordinal) ? 4
        : 1;

    private ulong Number(int width)
    {
        Fill(width);
        Demand(width <= body.Length - Position);
        Span<byte> wide = stackalloc byte[8];
        body.AsSpan(Position, width).CopyTo(wide);
        Position += width;
        return BinaryPrimitives.ReadUInt64LittleEndian(wide);
    }

    private string Signature()
    {
        string text = Text((long)Number(1));
        Demand(text.All(char.IsAscii));
        return text;
    }

    private string Text(long length)
    {
        Demand(length < body.Length - Position);
        ReadOnlySpan<byte> text = body.AsSpan(Position, (int)length);
        Demand(!text.Contains((byte)0) && body[Position + (int)length] == 0);
        Position += (int)length + 1;
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException();
        }
    }

    private void Fill(int boundary)
    {
        for (; Position % boundary != 0; Position++)
        {
            Demand(Position < body.Length && body[Position] == 0);
        }
    }

    private static void Demand(bool holds)
    {
        if (!holds)
        {
            throw new FormatException();
        }
    }
}
