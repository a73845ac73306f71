using System.Globalization;

namespace Tare.Launch.Printing;

/// <summary>Kernel names of flags and constants, joined as C programmers write them.</summary>
internal static class EnumWords
{
    /// <summary><c>MS_REC|MS_PRIVATE</c>, or <c>0</c> when nothing is set; bits without a name are hexadecimal.</summary>
    public static string Of(Enum value) => Of(value.ToString());

    /// <summary>The same for what <see cref="Enum.ToString()"/> made.</summary>
    public static string Of(string words)
    {
        if (words is "None" or "0")
        {
            return "0";
        }

        // Enum.ToString falls back to a decimal number when a bit has no name.
        return char.IsAsciiLetter(words[0]) || words[0] == '_'
            ? words.Replace(", ", "|", StringComparison.Ordinal)
            : Unnamed(words);
    }

    private static string Unnamed(string number) =>
        long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? NumberWords.Hex(value)
            : NumberWords.Hex(unchecked((long)ulong.Parse(number, CultureInfo.InvariantCulture)));
}
