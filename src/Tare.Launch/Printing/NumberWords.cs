using System.Buffers.Binary;
using System.Globalization;

namespace Tare.Launch.Printing;

/// <summary>Numbers as people read them in a trace, and little-endian fields of the kernel's structs.</summary>
internal static class NumberWords
{
    /// <summary><c>0x1f</c>; a zero is <c>0</c>.</summary>
    public static string Hex(long value) =>
        value == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    /// <summary><c>0755</c>; a zero is <c>0</c>.</summary>
    public static string Octal(long value) => value == 0 ? "0" : "0" + Convert.ToString(value, 8);

    /// <summary><c>42</c>.</summary>
    public static string Decimal(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A signed 64-bit field.</summary>
    public static long Int64At(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);

    /// <summary>An unsigned 64-bit field.</summary>
    public static ulong UInt64At(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);

    /// <summary>An unsigned 32-bit field.</summary>
    public static uint UInt32At(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
