using System.Globalization;
using System.Text;

namespace Tare.Cli;

/// <summary>Names that processes and files have given themselves, as text that can do nothing to a terminal.</summary>
internal static class Visible
{
    /// <summary>
    /// The text with control characters, and characters that change the direction of writing, as escapes: <c>\n</c>,
    /// <c>\x1b</c>, <c>\u202e</c>.
    /// </summary>
    public static string Of(string text)
    {
        int first = 0;
        while (first < text.Length && !IsHarmful(text[first]))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        StringBuilder visible = new(text.Length + 8);
        visible.Append(text, 0, first);
        foreach (char c in text.AsSpan(first))
        {
            _ = IsHarmful(c) ? visible.Append(Escape(c)) : visible.Append(c);
        }

        return visible.ToString();
    }

    /// <summary>The character moves the cursor, or hides or turns round what stands beside it.</summary>
    public static bool IsHarmful(char c) =>
        char.IsControl(c)
        || c
            is '\u061c'
                or (>= '\u200e' and <= '\u200f')
                or (>= '\u2028' and <= '\u202e')
                or (>= '\u2066' and <= '\u2069')
                or '\ufeff'
                or (>= '\ufffe' and <= '\uffff');

    private static string Escape(char c) =>
        c switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < '\u0080' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        };
}
