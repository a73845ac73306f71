using System.Globalization;
using System.Text;

namespace Tare.Launch.Printing;

/// <summary>Bytes as people read them: quoted where they are text, else hexadecimal.</summary>
internal static class BytesWords
{
    /// <summary>Longer texts and blobs are cut to this many bytes for people; JSON has them whole.</summary>
    public const int Shown = 64;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>A text in double quotes with C's escapes.</summary>
    public static string Quote(string text)
    {
        StringBuilder quoted = new("\"", text.Length + 2);
        foreach (char c in text)
        {
            _ = c is '"' or '\\' ? quoted.Append('\\').Append(c) : Append(quoted, c);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A text that stays on its line and moves no cursor, whatever path or name it contains.</summary>
    public static string OneLine(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (char c in text)
        {
            Append(line, c);
        }

        return line.ToString();
    }

    /// <summary>The text that the bytes are, without the zero that may end them; null when they are no printable text.</summary>
    public static string? AsText(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes is [.., 0] ? bytes[..^1] : bytes;
        if (bytes.ContainsAnyInRange((byte)0, (byte)8))
        {
            return null;
        }

        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Hexadecimal, cut after <see cref="Shown"/> bytes: <c>0x0102… (80 bytes)</c>.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= Shown
            ? $"0x{Convert.ToHexStringLower(bytes)}"
            : $"0x{Convert.ToHexStringLower(bytes[..Shown])}… ({bytes.Length} bytes)";

    private static StringBuilder Append(StringBuilder text, char c) =>
        c switch
        {
            '\n' => text.Append("\\n"),
            '\t' => text.Append("\\t"),
            '\r' => text.Append("\\r"),
            _ when char.IsControl(c)
                    || c is '\u2028' or '\u2029'
                    || char.GetUnicodeCategory(c) == UnicodeCategory.Format => text.Append(
                CultureInfo.InvariantCulture,
                $"\\u{(int)c:x4}"
            ),
            _ => text.Append(c),
        };
}
