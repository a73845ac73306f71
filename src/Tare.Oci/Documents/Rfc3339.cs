using System.Globalization;

namespace Tare.Oci;

/// <summary>Instants as text, in UTC. RFC 3339, as Go's RFC3339 and RFC3339Nano write it.</summary>
public static class Rfc3339
{
    /// <summary>With as many digits of the second as are needed, at most seven: <c>2026-01-02T03:04:05.1234567Z</c>.</summary>
    public static string Write(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>To the second, as log lines have it: <c>2026-01-02T03:04:05Z</c>.</summary>
    public static string WriteSeconds(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads an instant; digits beyond the seventh of the second are dropped.</summary>
    public static bool TryRead(string text, out DateTimeOffset instant)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        if (point > 0)
        {
            int end = point + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            if (end == point + 1)
            {
                instant = default;
                return false;
            }

            text = string.Concat(text.AsSpan(0, Math.Min(end, point + 8)), text.AsSpan(end));
        }

        return DateTimeOffset.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out instant
        );
    }
}
