using System.Globalization;

namespace Tare.Linux;

/// <summary>Figures in the files of cgroups; null where there is no text, or no figure in it. cgroup-v2 of the kernel's documentation.</summary>
public static class CgroupText
{
    private const long NanosecondsPerTick = 100;

    /// <summary>The number that is all of a text; null for <c>max</c> too.</summary>
    public static long? Number(ReadOnlySpan<char> text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>The number behind a name at the beginning of a line.</summary>
    /// <param name="text">Lines.</param>
    /// <param name="name">The name with the blank behind it.</param>
    public static long? Field(string? text, string name)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return Number(line[name.Length..]);
            }
        }

        return null;
    }

    /// <summary>The sum of the numbers behind every occurrence of a name (<c>rbytes=</c>).</summary>
    public static long? Sum(string? text, string name)
    {
        if (text is null)
        {
            return null;
        }

        long sum = 0;
        for (int at = 0; (at = text.IndexOf(name, at, StringComparison.Ordinal)) >= 0; )
        {
            at += name.Length;
            int end = at;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            sum += Number(text.AsSpan(at, end - at)) ?? 0;
        }

        return sum;
    }

    /// <summary>A name and a number on each line; other lines are left out. Empty where there is no text.</summary>
    public static IReadOnlyDictionary<string, long> Counts(string? text)
    {
        Dictionary<string, long> counts = [];
        foreach (string line in (text ?? "").Split('\n'))
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (blank > 0 && Number(line.AsSpan(blank + 1)) is { } count)
            {
                counts[line[..blank]] = count;
            }
        }

        return counts;
    }

    /// <summary>
    /// What each line is about, and several times a name, <c>=</c> and a number, where <c>max</c> is the largest; values that are none
    /// are left out. Of a line that is about nothing the name is empty.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Table(string? text)
    {
        Dictionary<string, IReadOnlyDictionary<string, long>> table = [];
        foreach (string line in (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            bool named = fields.Length > 0 && !fields[0].Contains('=', StringComparison.Ordinal);
            Dictionary<string, long> values = [];
            foreach (string field in fields[(named ? 1 : 0)..])
            {
                int equals = field.IndexOf('=', StringComparison.Ordinal);
                ReadOnlySpan<char> value = field.AsSpan(equals + 1);
                if (equals > 0 && (value is "max" ? long.MaxValue : Number(value)) is { } number)
                {
                    values[field[..equals]] = number;
                }
            }

            table[named ? fields[0] : ""] = values;
        }

        return table;
    }

    /// <summary>A number of microseconds, as version 2 counts.</summary>
    public static TimeSpan? Microseconds(long? value) => value is { } number ? TimeSpan.FromMicroseconds(number) : null;

    /// <summary>A number of nanoseconds, as version 1 counts.</summary>
    public static TimeSpan? Nanoseconds(long? value) =>
        value is { } number ? TimeSpan.FromTicks(number / NanosecondsPerTick) : null;
}
