using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tare.Linux;

/// <summary>Pieces of the texts under /proc.</summary>
internal static class ProcText
{
    /// <summary>Text for people; bytes that are no UTF-8 are replaced.</summary>
    internal static string String(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>A decimal number, whole.</summary>
    internal static bool TryInt32(ReadOnlySpan<byte> field, out int number) =>
        Utf8Parser.TryParse(field, out number, out int used) && used == field.Length && used > 0;

    /// <summary>A hexadecimal number.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static ulong Hex(ReadOnlySpan<byte> field)
    {
        if (field.StartsWith("0x"u8))
        {
            field = field[2..];
        }

        return ulong.TryParse(field, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new FormatException($"'{TextFields.Printable(field)}' where a hexadecimal number was expected");
    }

    /// <summary>An amount in KiB, in bytes.</summary>
    /// <exception cref="FormatException">It is none, or too large.</exception>
    internal static long Kibibytes(TextFields fields) =>
        fields.NextInt64() is >= 0 and <= long.MaxValue / 1024 and long amount
            ? amount * 1024
            : throw new FormatException("no amount of memory");

    /// <summary>Texts that end with a zero each.</summary>
    internal static List<string> ZeroEnded(ReadOnlySpan<byte> text)
    {
        List<string> parts = [];
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)0);
            parts.Add(String(end < 0 ? text : text[..end]));
            text = end < 0 ? [] : text[(end + 1)..];
        }

        return parts;
    }

    /// <summary>Milliseconds with six digits behind the point, as the scheduler writes times, in nanoseconds.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static long Nanoseconds(ReadOnlySpan<byte> field)
    {
        int point = field.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? field : field[..point];
        ReadOnlySpan<byte> part = point < 0 ? "0"u8 : field[(point + 1)..];
        bool negative = whole.StartsWith("-"u8);
        if (
            !Utf8Parser.TryParse(negative ? whole[1..] : whole, out long milliseconds, out int used)
            || used != whole.Length - (negative ? 1 : 0)
            || !Utf8Parser.TryParse(part, out int nanoseconds, out used)
            || used != part.Length
            || milliseconds is < 0 or > long.MaxValue / 1_000_001
            || nanoseconds is < 0 or > 999_999
        )
        {
            throw new FormatException($"'{TextFields.Printable(field)}' where a time was expected");
        }

        long time = (milliseconds * 1_000_000) + nanoseconds;
        return negative ? -time : time;
    }
}
