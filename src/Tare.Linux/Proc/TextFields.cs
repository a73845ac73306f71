using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tare.Linux;

/// <summary>Fields of the kernel's text files, one after another. Whitespace separates; nothing is copied before it is asked for.</summary>
internal ref struct TextFields(ReadOnlySpan<byte> text)
{
    /// <summary>More of a field does not stand in a message.</summary>
    private const int Longest = 64;

    private ReadOnlySpan<byte> _rest = text;

    /// <summary>What has not been taken yet.</summary>
    internal readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The next field; empty at the end.</summary>
    internal ReadOnlySpan<byte> Next()
    {
        _rest = _rest.TrimStart(" \t\n"u8);
        int end = _rest.IndexOfAny(" \t\n"u8);
        ReadOnlySpan<byte> field = end < 0 ? _rest : _rest[..end];
        _rest = _rest[field.Length..];
        return field;
    }

    /// <summary>The next field as a decimal number.</summary>
    /// <exception cref="FormatException">It is none, or too large.</exception>
    internal long NextInt64()
    {
        ReadOnlySpan<byte> field = Next();
        return Utf8Parser.TryParse(field, out long value, out int used) && used == field.Length && used > 0
            ? value
            : throw NoNumber(field);
    }

    /// <summary>The next field as a decimal number.</summary>
    /// <exception cref="FormatException">It is none, or too large.</exception>
    internal int NextInt32()
    {
        long value = NextInt64();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw NoNumber(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The next field as a decimal number without a sign.</summary>
    /// <exception cref="FormatException">It is none, or too large.</exception>
    internal ulong NextUInt64()
    {
        ReadOnlySpan<byte> field = Next();
        return Utf8Parser.TryParse(field, out ulong value, out int used) && used == field.Length && used > 0
            ? value
            : throw NoNumber(field);
    }

    /// <summary>The next field as a decimal number without a sign.</summary>
    /// <exception cref="FormatException">It is none, or too large.</exception>
    internal uint NextUInt32()
    {
        ulong value = NextUInt64();
        return value <= uint.MaxValue ? (uint)value : throw NoNumber(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A field as a part of a message, which is one line whatever the field holds.</summary>
    internal static string Printable(ReadOnlySpan<byte> field)
    {
        StringBuilder text = new();
        foreach (byte value in field[..Math.Min(field.Length, Longest)])
        {
            _ = value is > 0x20 and < 0x7f ? text.Append((char)value) : text.Append('?');
        }

        return field.Length > Longest ? text.Append('…').ToString() : text.ToString();
    }

    private static FormatException NoNumber(ReadOnlySpan<byte> field) => NoNumber(Printable(field));

    private static FormatException NoNumber(string field) => new($"'{field}' where a number was expected");
}
