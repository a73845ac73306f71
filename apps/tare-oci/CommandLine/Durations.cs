using System.Buffers;
using System.Globalization;

namespace Tare.OciCli.CommandLine;

/// <summary>Times as runc's command line has them: <c>5s</c>, <c>100ms</c>, <c>1h30m</c>, <c>1.5s</c>.</summary>
internal static class Durations
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private const double Longest = 100 * 365.0 * 24 * 60 * 60;

    /// <summary>Reads one; false if it is none, negative, or longer than a hundred years.</summary>
    public static bool TryParse(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        double seconds = 0;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int length = rest.IndexOfAnyExcept(Digits);
            if (
                length <= 0
                || !double.TryParse(
                    rest[..length],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out double number
                )
            )
            {
                return false;
            }

            rest = rest[length..];
            int end = rest.IndexOfAny(Digits);
            ReadOnlySpan<char> unit = end < 0 ? rest : rest[..end];
            if (SecondsOf(unit) is not { } factor)
            {
                return false;
            }

            seconds += number * factor;
            rest = rest[unit.Length..];
        }

        if (text.Length == 0 || seconds > Longest)
        {
            return false;
        }

        time = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static double? SecondsOf(ReadOnlySpan<char> unit) =>
        unit switch
        {
            "ns" => 1e-9,
            "us" or "µs" or "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => null,
        };
}
