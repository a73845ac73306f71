using Tare.Runtime.Validation;

namespace Tare.Runtime.Systemd;

/// <summary>A list of numbers (<c>0-2,7</c>) as a bit for each, the least in the first byte.</summary>
internal static class CpuMask
{
    private const int Most = 1 << 16;

    /// <summary>The mask; null where the text is no such list, or names what no machine has.</summary>
    public static byte[]? TryParse(string text) =>
        NumberLists.TryMask(text, Most, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            is { Length: > 0 } mask
            ? mask
            : null;
}
