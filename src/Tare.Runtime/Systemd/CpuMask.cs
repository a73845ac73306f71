using System.Globalization;

namespace Tare.Runtime.Systemd;

/// <summary>A list of numbers (<c>0-2,7</c>) as a bit for each, the least in the first byte.</summary>
internal static class CpuMask
{
    private const int Most = 1 << 16;

    /// <summary>The mask; null where the text is no such list, or names what no machine has.</summary>
    public static byte[]? TryParse(string text)
    {
        byte[] mask = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int dash = part.IndexOf('-', StringComparison.Ordinal);
            int? first = Number(dash < 0 ? part : part[..dash]);
            int? last = Number(dash < 0 ? part : part[(dash + 1)..]);
            if (first is null || last is null || last < first)
            {
                return null;
            }

            if (last.Value / 8 >= mask.Length)
            {
                Array.Resize(ref mask, (last.Value / 8) + 1);
            }

            for (int i = first.Value; i <= last.Value; i++)
            {
                mask[i / 8] |= (byte)(1 << (i % 8));
            }
        }

        return mask.Length == 0 ? null : mask;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < Most
            ? number
            : null;
}
