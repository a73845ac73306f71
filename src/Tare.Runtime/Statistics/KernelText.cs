using System.Globalization;
using Tare.Oci;

namespace Tare.Runtime.Statistics;

/// <summary>
/// The forms in which cgroups and /proc write numbers. What is absent or of another form counts as nothing: a newer kernel
/// may write more than is known here.
/// </summary>
internal static class KernelText
{
    /// <summary>A number without a sign; <c>max</c> is the largest, and so is nothing below zero.</summary>
    public static ulong? Number(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number
            : text.SequenceEqual("max") ? ulong.MaxValue
            : null;
    }

    /// <summary>A number that may have a suffix, as the kernel takes it: <c>64M</c>.</summary>
    public static ulong? Amount(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        int shift = text.IsEmpty ? 0 : 10 * ("KMGT".IndexOf(char.ToUpperInvariant(text[^1])) + 1);
        ReadOnlySpan<char> digits = shift > 0 ? text[..^1] : text;
        return
            ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            && number <= ulong.MaxValue >> shift
            ? number << shift
            : null;
    }

    /// <summary>A number with a sign.</summary>
    public static long? Signed(ReadOnlySpan<char> text) =>
        long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    /// <summary>Lines of a name and a number.</summary>
    public static IReadOnlyDictionary<string, ulong> Table(string? text)
    {
        Dictionary<string, ulong> table = [];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int space = line.IndexOf(' ');
            if (space > 0 && Number(line[space..]) is { } number)
            {
                table[line[..space].ToString()] = number;
            }
        }

        return table;
    }

    /// <summary>Numbers with white space between them.</summary>
    public static IReadOnlyList<ulong> Numbers(string? text)
    {
        List<ulong> numbers = [];
        foreach (string field in Fields(text ?? ""))
        {
            if (Number(field) is { } number)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    /// <summary>A list of processors or memory nodes: <c>0-3,7</c>. cpuset(7).</summary>
    public static IReadOnlyList<ulong> List(string? text)
    {
        const ulong Most = 1 << 16;
        List<ulong> numbers = [];
        foreach (Range range in text.AsSpan().Split(','))
        {
            ReadOnlySpan<char> part = text.AsSpan(range);
            int dash = part.IndexOf('-');
            ulong? first = Number(dash < 0 ? part : part[..dash]);
            ulong? last = Number(part[(dash + 1)..]);
            for (ulong? number = first; number <= last && number < Most; number++)
            {
                numbers.Add(number.Value);
            }
        }

        return numbers;
    }

    /// <summary>Counts by device, as v1's blkio files have them: <c>8:0 Read 4096</c>, or without a word; not their totals.</summary>
    public static IReadOnlyList<BlockIoCount> BlockIo(string? text)
    {
        List<BlockIoCount> counts = [];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            string[] fields = Fields(line.ToString());
            if (
                fields.Length is 2 or 3
                && TryDevice(fields[0], out ulong major, out ulong minor)
                && Number(fields[^1]) is { } value
            )
            {
                counts.Add(new(major, minor, fields.Length == 3 ? fields[1] : "", value));
            }
        }

        return counts;
    }

    /// <summary>A device's numbers: <c>8:0</c>.</summary>
    public static bool TryDevice(ReadOnlySpan<char> text, out ulong major, out ulong minor)
    {
        int colon = text.IndexOf(':');
        major = colon < 0 ? 0 : Number(text[..colon]) ?? ulong.MaxValue;
        minor = colon < 0 ? 0 : Number(text[(colon + 1)..]) ?? ulong.MaxValue;
        return colon >= 0 && major != ulong.MaxValue && minor != ulong.MaxValue;
    }

    /// <summary>What a pressure file says; null where there is none, or it is turned off.</summary>
    public static PressureStatistics? Pressure(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        PressureShare some = default;
        PressureShare full = default;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("some "))
            {
                some = Share(line);
            }
            else if (line.StartsWith("full "))
            {
                full = Share(line);
            }
        }

        return new(some, full);
    }

    /// <summary>The fields of a line.</summary>
    public static string[] Fields(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static PressureShare Share(ReadOnlySpan<char> line)
    {
        PressureShare share = default;
        foreach (string field in Fields(line.ToString()))
        {
            ReadOnlySpan<char> value = field.AsSpan(field.IndexOf('=', StringComparison.Ordinal) + 1);
            share = field.AsSpan(0, field.Length - value.Length) switch
            {
                "avg10=" => share with { Average10 = Share100(value) },
                "avg60=" => share with { Average60 = Share100(value) },
                "avg300=" => share with { Average300 = Share100(value) },
                "total=" => share with { Total = Number(value) ?? 0 },
                _ => share,
            };
        }

        return share;
    }

    private static double Share100(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            ? value
            : 0;
}
