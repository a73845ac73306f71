using System.Globalization;
using System.Text;
using Tare.Fuzz.Fuzzing;
using Tare.Linux;

namespace Tare.Fuzz.Targets;

/// <summary>
/// A mountinfo is a mount a line, or refused by one line with the number of that which is none. What was read is, written as
/// the kernel writes it, read as the same; no path is empty or has a NUL.
/// </summary>
internal static class MountInfoTarget
{
    public static void Try(byte[] text)
    {
        try
        {
            IReadOnlyList<MountEntry> entries = Promise.Within(
                (text.Length * 64L) + (64 << 10),
                () => MountInfo.Parse(text)
            );
            Assert.True(entries.Count <= text.AsSpan().Count((byte)'\n') + 1);
            Assert.All(
                entries,
                entry =>
                {
                    Assert.NotEqual(0, entry.MountPoint.Bytes.Length);
                    Assert.False(entry.MountPoint.Bytes.Contains((byte)0));
                    Assert.False(entry.Root.Bytes.Contains((byte)0));
                    Assert.NotEqual("", entry.Type);
                }
            );
            byte[] written = [.. entries.SelectMany(Line)];
            Assert.Equal(entries, MountInfo.Parse(written));
        }
        catch (FormatException refusal)
        {
            Promise.IsOneLine(refusal.Message);
            Assert.StartsWith("mountinfo line ", refusal.Message);
        }
    }

    // seq_escape(9): blanks, tabs, line ends and backslashes are octal.
    private static byte[] Line(MountEntry entry)
    {
        string optional =
            Tag("shared", entry.SharedGroup)
            + Tag("master", entry.MasterGroup)
            + Tag("propagate_from", entry.PropagateFromGroup)
            + (entry.Unbindable ? "unbindable " : "");
        return
        [
            .. Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entry.Id} {entry.ParentId} {entry.Device.Major}:{entry.Device.Minor} "
                )
            ),
            .. Escaped(entry.Root.Bytes),
            (byte)' ',
            .. Escaped(entry.MountPoint.Bytes),
            .. Encoding.UTF8.GetBytes($" {entry.Options} {optional}- {entry.Type} "),
            .. Escaped(Encoding.UTF8.GetBytes(entry.Source)),
            .. Encoding.UTF8.GetBytes($" {entry.SuperOptions}\n"),
        ];
    }

    private static string Tag(string name, int? group) =>
        group is int number ? string.Create(CultureInfo.InvariantCulture, $"{name}:{number} ") : "";

    private static byte[] Escaped(ReadOnlySpan<byte> text)
    {
        List<byte> escaped = [];
        foreach (byte value in text)
        {
            if (value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\\')
            {
                escaped.Add((byte)'\\');
                escaped.AddRange(Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(3, '0')));
            }
            else
            {
                escaped.Add(value);
            }
        }

        return [.. escaped];
    }
}
