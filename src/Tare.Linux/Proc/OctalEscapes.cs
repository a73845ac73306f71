namespace Tare.Linux;

/// <summary>
/// The escapes with which the kernel writes blanks, tabs, newlines, backslashes and <c>#</c> into mountinfo: a backslash and
/// three octal digits. proc_pid_mountinfo(5).
/// </summary>
internal static class OctalEscapes
{
    /// <summary>The bytes that are meant. What is no escape stays as it is.</summary>
    internal static byte[] Decode(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\'))
        {
            return text.ToArray();
        }

        byte[] decoded = new byte[text.Length];
        int length = 0;
        while (!text.IsEmpty)
        {
            if (
                text is [(byte)'\\', >= (byte)'0' and <= (byte)'3', var middle, var low, ..]
                && IsOctal(middle)
                && IsOctal(low)
            )
            {
                decoded[length++] = (byte)(((text[1] - '0') << 6) | ((middle - '0') << 3) | (low - '0'));
                text = text[4..];
            }
            else
            {
                decoded[length++] = text[0];
                text = text[1..];
            }
        }

        return decoded[..length];
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
