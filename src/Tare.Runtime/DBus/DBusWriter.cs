using System.Buffers.Binary;
using System.Text;

namespace Tare.Runtime.DBus;

/// <summary>
/// Writes values as D-Bus has them, little-endian: each aligned to its size from the beginning of the message. D-Bus
/// specification, "Marshaling".
/// </summary>
internal sealed class DBusWriter
{
    private byte[] bytes = new byte[512];

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, Length);

    /// <summary>How much has been written.</summary>
    public int Length { get; private set; }

    /// <summary>Fills with zeros up to a multiple of a power of two.</summary>
    public void Align(int boundary) => Take((boundary - (Length % boundary)) % boundary);

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteBoolean(bool value) => WriteUInt32(value ? 1u : 0u);

    public void WriteUInt16(ushort value)
    {
        Align(2);
        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);
    }

    public void WriteUInt32(uint value)
    {
        Align(4);
        BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);
    }

    public void WriteUInt64(ulong value)
    {
        Align(8);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);
    }

    /// <summary>Writes a string or an object path.</summary>
    public void WriteString(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        WriteUInt32((uint)length);
        Encoding.UTF8.GetBytes(value, Take(length));
        WriteByte(0);
    }

    public void WriteSignature(string value)
    {
        WriteByte(checked((byte)value.Length));
        Encoding.ASCII.GetBytes(value, Take(value.Length));
        WriteByte(0);
    }

    /// <summary>Begins an array whose elements are aligned to <paramref name="alignment"/>.</summary>
    /// <returns>What <see cref="EndArray"/> wants.</returns>
    public (int LengthAt, int Begin) BeginArray(int alignment)
    {
        WriteUInt32(0);
        int at = Length - 4;
        Align(alignment);
        return (at, Length);
    }

    /// <summary>Ends an array: its length is known now.</summary>
    public void EndArray((int LengthAt, int Begin) array) => SetUInt32(array.LengthAt, (uint)(Length - array.Begin));

    /// <summary>Overwrites four bytes.</summary>
    public void SetUInt32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at, 4), value);

    private Span<byte> Take(int count)
    {
        if (Length + count > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + count));
        }

        Length += count;
        return bytes.AsSpan(Length - count, count);
    }
}
