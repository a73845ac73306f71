using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Tare.Runtime.DBus;

/// <summary>
/// Reads values that somebody else has written, little-endian. Never reads beyond what it was given, whatever stands in it;
/// containers are skipped only so deep as D-Bus allows.
/// </summary>
/// <param name="bytes">Where the values are.</param>
/// <param name="begin">How far the first byte is from a multiple of eight in the message, for alignment.</param>
internal ref struct DBusReader(ReadOnlySpan<byte> bytes, int begin = 0)
{
    private const int Deepest = 64;
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at = 0;

    /// <summary>How far it has come.</summary>
    public readonly int Position => at;

    /// <summary>Nothing is left.</summary>
    public readonly bool IsAtEnd => at == bytes.Length;

    public void Align(int boundary)
    {
        foreach (byte padding in Take((boundary - ((begin + at) % boundary)) % boundary))
        {
            if (padding != 0)
            {
                throw Malformed("what fills up is not zero");
            }
        }
    }

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16()
    {
        Align(2);
        return BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
    }

    public uint ReadUInt32()
    {
        Align(4);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    public ulong ReadUInt64()
    {
        Align(8);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
    }

    /// <summary>Reads a string or an object path.</summary>
    public string ReadString() => Text(Length(ReadUInt32()));

    public string ReadSignature()
    {
        string signature = Text(ReadByte());
        Require(Ascii.IsValid(signature));
        return signature;
    }

    /// <summary>Reads the length of an array whose elements are aligned to <paramref name="alignment"/>.</summary>
    /// <returns>Where the array ends.</returns>
    public int BeginArray(int alignment)
    {
        int length = Length(ReadUInt32());
        Align(alignment);
        return length <= bytes.Length - at ? at + length : throw Malformed("an array is longer than its message");
    }

    /// <summary>Passes over a value of one complete type.</summary>
    /// <param name="signature">Types; the first is taken off.</param>
    /// <param name="depth">How many containers it is in.</param>
    public void Skip(ref ReadOnlySpan<char> signature, int depth = 0)
    {
        if (depth > Deepest)
        {
            throw Malformed("containers are too deep");
        }

        char type = Next(ref signature);
        switch (type)
        {
            case 'y':
                Take(1);
                break;
            case 'n' or 'q':
                ReadUInt16();
                break;
            case 'b' or 'i' or 'u' or 'h':
                ReadUInt32();
                break;
            case 'x' or 't' or 'd':
                ReadUInt64();
                break;
            case 's' or 'o':
                ReadString();
                break;
            case 'g':
                ReadSignature();
                break;
            case 'v':
                ReadOnlySpan<char> inner = ReadSignature();
                Skip(ref inner, depth + 1);
                Require(inner.IsEmpty);
                break;
            case 'a':
                SkipArray(ref signature, depth);
                break;
            case '(' or '{':
                Align(8);
                SkipFields(ref signature, type == '(' ? ')' : '}', depth);
                break;
            default:
                throw Malformed("there is no such type");
        }
    }

    private void SkipArray(ref ReadOnlySpan<char> signature, int depth)
    {
        Require(!signature.IsEmpty);
        ReadOnlySpan<char> element = signature;
        int end = BeginArray(AlignmentOf(signature[0]));
        if (at == end)
        {
            // The type has still to be passed over; no value is.
            DBusSignature.SkipType(ref signature, depth + 1);
            return;
        }

        while (at < end)
        {
            signature = element;
            Skip(ref signature, depth + 1);
        }

        Require(at == end);
    }

    private void SkipFields(ref ReadOnlySpan<char> signature, char close, int depth)
    {
        do
        {
            Skip(ref signature, depth + 1);
        } while (!signature.IsEmpty && signature[0] != close);

        Next(ref signature);
    }

    internal static int AlignmentOf(char type) =>
        type switch
        {
            'n' or 'q' => 2,
            'b' or 'i' or 'u' or 'h' or 's' or 'o' or 'a' => 4,
            'x' or 't' or 'd' or '(' or '{' => 8,
            _ => 1,
        };

    internal static DBusException Malformed(string what) => new($"read a D-Bus message: EBADMSG ({what})");

    private static char Next(ref ReadOnlySpan<char> signature)
    {
        Require(!signature.IsEmpty);
        char type = signature[0];
        signature = signature[1..];
        return type;
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw Malformed("a value does not have the type that it is said to have");
        }
    }

    private static int Length(uint length) =>
        length <= int.MaxValue / 2 ? (int)length : throw Malformed("a value is longer than its message");

    private string Text(int length)
    {
        ReadOnlySpan<byte> text = Take(length);
        Require(ReadByte() == 0 && Utf8.IsValid(text) && !text.Contains((byte)0));
        return Encoding.UTF8.GetString(text);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - at)
        {
            throw Malformed("it ends too early");
        }

        at += count;
        return bytes.Slice(at - count, count);
    }
}
