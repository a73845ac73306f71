using System.Collections.Immutable;
using System.Globalization;

namespace Tare.Runtime.Validation;

/// <summary>Lists of processors and memory nodes as cpuset(7) has them: <c>0-3,7</c>.</summary>
internal static class NumberLists
{
    private const int Most = 8192;
    private const int WordSize = 8;

    /// <summary>The list as a bit mask in the kernel's words of 64 bits; null where there is none.</summary>
    /// <exception cref="SpecException">It is no list.</exception>
    public static ImmutableArray<byte>? Mask(string property, string? list, string what)
    {
        if (list is null)
        {
            return null;
        }

        byte[] mask =
            TryMask(list, Most, StringSplitOptions.TrimEntries)
            ?? throw new SpecException(property, $"'{list}' is no list of {what} (write it like 0-3,7)");
        Array.Resize(ref mask, (mask.Length + WordSize - 1) / WordSize * WordSize);
        return [.. mask];
    }

    /// <summary>The list as a bit for each number, the least in the first byte; null where it is none.</summary>
    /// <param name="list">The list.</param>
    /// <param name="most">What every number must be below.</param>
    /// <param name="options">What may stand between the commas besides.</param>
    public static byte[]? TryMask(string list, int most, StringSplitOptions options)
    {
        byte[] mask = [];
        foreach (string part in list.Split(',', options))
        {
            string[] ends = part.Split('-');
            if (
                ends.Length > 2
                || !TryNumber(ends[0], out int first)
                || !TryNumber(ends[^1], out int last)
                || last < first
                || last >= most
            )
            {
                return null;
            }

            if (last / 8 >= mask.Length)
            {
                Array.Resize(ref mask, (last / 8) + 1);
            }

            for (int number = first; number <= last; number++)
            {
                mask[number / 8] |= (byte)(1 << (number % 8));
            }
        }

        return mask;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
