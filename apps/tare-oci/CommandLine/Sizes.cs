using System.Buffers;
using System.Globalization;

namespace Tare.OciCli.CommandLine;

/// <summary>Sizes in bytes as callers of runc write them: <c>64M</c>, <c>1.5g</c>, <c>512KiB</c>, <c>-1</c>.</summary>
internal static class Sizes
{
    private const string Units = "bkmgtp";
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The bytes; false where the text is no size.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        if (text == "-1")
        {
            bytes = -1;
            return true;
        }

        int end = text.AsSpan().IndexOfAnyExcept(Digits);
        string unit = end < 0 ? "b" : text[end..].Trim().ToLowerInvariant();
        int power = Units.IndexOf(unit[..Math.Min(1, unit.Length)], StringComparison.Ordinal);
        bool known = unit.Length > 0 && power >= 0 && unit[1..] is "" or "b" or "ib" && unit is not ("bb" or "bib");
        bytes = 0;
        if (
            !known
            || !decimal.TryParse(
                end < 0 ? text : text[..end],
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out decimal number
            )
            || number >= long.MaxValue >> (10 * power)
        )
        {
            return false;
        }

        bytes = (long)(number * (1L << (10 * power)));
        return true;
    }
}
