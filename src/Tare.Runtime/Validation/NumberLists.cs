using System.Collections.Immutable;
using System.Globalization;

namespace Tare.Runtime.Validation;

/// <summary>Lists of processors and memory nodes as cpuset(7) has them: <c>0-3,7</c>.</summary>
internal static class NumberLists
{
    private const int Most = 8192;

    /// <summary>The list as a bit mask in the kernel's words of 64 bits; null where there is none.</summary>
    /// <exception cref="SpecException">It is no list.</exception>
    public static ImmutableArray<byte>? Mask(string property, string? list, string what)
    {
        if (list is null)
        {
            return null;
        }

        byte[] mask = [];
        foreach (string part in list.Split(','))
        {
            string[] ends = part.Trim().Split('-');
            if (
                ends.Length > 2
                || !TryNumber(ends[0], out int first)
                || !TryNumber(ends[^1], out int last)
                || last < first
                || last >= Most
            )
            {
                throw new SpecException(property, $"'{list}' is no list of {what} (write it like 0-3,7)");
            }

            if (mask.Length * 8 <= last)
            {
                Array.Resize(ref mask, ((last / 64) + 1) * 8);
            }

            for (int number = first; number <= last; number++)
            {
                mask[number / 8] |= (byte)(1 << (number % 8));
            }
        }

        return [.. mask];
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
