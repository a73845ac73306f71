using System.Globalization;
using System.Text;

namespace Tare.Oci;

/// <summary>Foreign text as a part of an error's single line.</summary>
internal static class OneLine
{
    private const int Longest = 64;

    /// <summary>The text, cut after 64 characters, with whatever could break or disguise a line escaped.</summary>
    internal static string Of(string text)
    {
        StringBuilder line = new();
        foreach (Rune rune in text.AsSpan(0, Math.Min(text.Length, Longest)).EnumerateRunes())
        {
            bool plain =
                Rune.GetUnicodeCategory(rune)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.OtherNotAssigned
                    or UnicodeCategory.PrivateUse
                );
            _ = plain ? line.Append(rune) : line.Append("\\u{").Append(rune.Value.ToString("x", null)).Append('}');
        }

        return text.Length > Longest ? line.Append('…').ToString() : line.ToString();
    }
}
