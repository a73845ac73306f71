using System.Globalization;
using System.Text;

namespace Tare.Oci;

/// <summary>Foreign text as a part of an error's single line.</summary>
public static class OneLine
{
    /// <summary>The text, cut, with whatever could break or disguise a line escaped.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">How many characters are left.</param>
    public static string Of(string text, int longest = 64)
    {
        StringBuilder line = new();
        foreach (Rune rune in text.AsSpan(0, Math.Min(text.Length, longest)).EnumerateRunes())
        {
            _ = IsSeen(rune)
                ? line.Append(rune)
                : line.Append("\\u{").Append(rune.Value.ToString("x", null)).Append('}');
        }

        return text.Length > longest ? line.Append('…').ToString() : line.ToString();
    }

    /// <summary>A character stands for itself: it moves no cursor, and hides or turns round nothing beside it.</summary>
    public static bool IsSeen(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse
            );
}
