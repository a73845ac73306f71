using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Cli.Trying;

/// <summary>Names of files for people: nothing in them moves the cursor, hides or turns round what stands beside it.</summary>
internal static class PathText
{
    /// <summary>The path; bytes that are no text, and characters that cannot be seen, are written as <c>\xNN</c>, <c>\u{N}</c>.</summary>
    public static string Of(BytePath path) => Of(path.Bytes);

    /// <summary>The same of bytes; a tab is written as it is only if <paramref name="keepTabs"/>.</summary>
    public static string Of(ReadOnlySpan<byte> bytes, bool keepTabs = false)
    {
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            bool isText =
                Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (!isText)
            {
                foreach (byte one in bytes[..length])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
                }
            }
            else if (rune.Value == '\\' && !keepTabs)
            {
                text.Append("\\\\");
            }
            else if (OneLine.IsSeen(rune) || (keepTabs && rune.Value == '\t'))
            {
                text.Append(rune.ToString());
            }
            else if (rune.IsAscii)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }
}
