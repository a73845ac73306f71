using System.Buffers.Text;

namespace Tare.Linux;

/// <summary>What /proc/PID/fdinfo says about a pidfd. pidfd_open(2).</summary>
internal static class PidFdDetails
{
    /// <summary>The number in the line <c>Pid:</c>; -1 is a process that was reaped; null where there is no such line.</summary>
    internal static int? ProcessIdIn(ReadOnlySpan<byte> text)
    {
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            if (line.StartsWith("Pid:"u8))
            {
                ReadOnlySpan<byte> value = line[4..].Trim(" \t"u8);
                return Utf8Parser.TryParse(value, out int number, out int used) && used == value.Length ? number : null;
            }
        }

        return null;
    }
}
