using System.Globalization;

namespace Tare.Cli.CommandLine;

/// <summary>Sizes, times and counts as people write them.</summary>
internal static class Quantities
{
    /// <summary><c>512m</c>, <c>1.5g</c>, <c>1GiB</c>, <c>65536</c>: units of 1024, bytes where there is none.</summary>
    public static long Size(string option, string text)
    {
        (decimal number, string unit) = Split(text);
        int power = unit.ToLowerInvariant() switch
        {
            "" or "b" => 0,
            "k" or "kb" or "kib" => 1,
            "m" or "mb" or "mib" => 2,
            "g" or "gb" or "gib" => 3,
            "t" or "tb" or "tib" => 4,
            _ => -1,
        };
        if (power < 0 || number < 0)
        {
            throw Wrong(option, text, "is no size (write a number and k, m, g or t: 512m)");
        }

        try
        {
            decimal bytes = number;
            for (int i = 0; i < power; i++)
            {
                bytes *= 1024;
            }

            long size = (long)bytes;
            return size > 0 ? size : throw Wrong(option, text, "is nothing (give it at least some bytes)");
        }
        catch (OverflowException)
        {
            throw Wrong(option, text, "is more than any machine has");
        }
    }

    /// <summary><c>500ms</c>, <c>10s</c>, <c>1.5m</c>, <c>2h</c>, <c>1d</c>, <c>10</c>: seconds where there is no unit.</summary>
    public static TimeSpan Time(string option, string text)
    {
        (decimal number, string unit) = Split(text);
        decimal seconds = unit.ToLowerInvariant() switch
        {
            "ms" => 0.001m,
            "" or "s" => 1,
            "m" or "min" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => 0,
        };
        const decimal Longest = 100 * 366 * 86400m;
        if (seconds == 0 || number <= 0 || number > Longest || number * seconds > Longest)
        {
            throw Wrong(option, text, "is no time (write a number above 0 and ms, s, m, h or d: 90s)");
        }

        return TimeSpan.FromTicks(Math.Max(1, (long)(number * seconds * TimeSpan.TicksPerSecond)));
    }

    /// <summary>How many processors: <c>2</c>, <c>0.5</c>.</summary>
    public static decimal Processors(string option, string text)
    {
        (decimal number, string unit) = Split(text);

        // The kernel takes no quota below a millisecond in a period of 100.
        return unit.Length == 0 && number is >= 0.01m and <= 1_000_000
            ? number
            : throw Wrong(option, text, "is no number of processors (write a number from 0.01 on: 1.5)");
    }

    /// <summary>A whole number above 0.</summary>
    public static long Count(string option, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count > 0
            ? count
            : throw Wrong(option, text, "is no number above 0");

    private static (decimal Number, string Unit) Split(string text)
    {
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        return decimal.TryParse(
            text.AsSpan(0, end),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out decimal number
        )
            ? (number, text[end..])
            : (-1, text);
    }

    private static UsageException Wrong(string option, string text, string why) => new($"{option}: '{text}' {why}");
}
