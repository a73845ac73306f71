using System.Globalization;
using System.Text;

namespace Tare.Fuzz.Fuzzing;

/// <summary>Any bytes as a line of ASCII text, as the corpus keeps them: <c>\n</c>, <c>\0</c>, <c>\xFF</c>, <c>\\</c>.</summary>
public static class Escapes
{
    /// <summary>The line of some bytes.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        StringBuilder line = new(bytes.Length);
        foreach (byte value in bytes)
        {
            _ = value switch
            {
                (byte)'\\' => line.Append("\\\\"),
                (byte)'\n' => line.Append("\\n"),
                0 => line.Append("\\0"),
                >= 0x20 and < 0x7f => line.Append((char)value),
                _ => line.Append("\\x").Append(value.ToString("X2", CultureInfo.InvariantCulture)),
            };
        }

        return line.ToString();
    }

    /// <summary>The bytes of a line.</summary>
    public static byte[] Read(string line)
    {
        List<byte> bytes = new(line.Length);
        for (int at = 0; at < line.Length; at++)
        {
            if (line[at] != '\\')
            {
                bytes.Add((byte)line[at]);
                continue;
            }

            at++;
            switch (line[at])
            {
                case 'n':
                    bytes.Add((byte)'\n');
                    break;
                case '0':
                    bytes.Add(0);
                    break;
                case 'x':
                    bytes.Add(byte.Parse(line.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    at += 2;
                    break;
                default:
                    bytes.Add((byte)line[at]);
                    break;
            }
        }

        return [.. bytes];
    }
}
