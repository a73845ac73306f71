using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Runtime.Statistics;

namespace Tare.Runtime.Observation;

/// <summary>
/// Turns numbers of users and groups as this process sees them into those of another user namespace. user_namespaces(7).
/// </summary>
internal sealed class OwnIds
{
    private readonly List<(uint Inside, uint Outside, uint Count)> lines = [];

    private OwnIds() { }

    /// <summary>They are the same.</summary>
    public static OwnIds Same { get; } = Parse("0 0 4294967295");

    /// <summary>What a map says, of which the second column is seen from the reader's namespace.</summary>
    /// <param name="process">The process's directory in /proc.</param>
    /// <param name="file"><c>uid_map</c> or <c>gid_map</c>.</param>
    public static SysResult<OwnIds> Read(DirectoryFd process, string file)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process, file);
        return new(text.Ok ? Parse(Encoding.ASCII.GetString(text.Value)) : Same, text.Errno);
    }

    public static OwnIds Parse(string text)
    {
        OwnIds ids = new();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            string[] fields = KernelText.Fields(line.ToString());
            if (
                fields.Length == 3
                && TryNumber(fields[0], out uint inside)
                && TryNumber(fields[1], out uint outside)
                && TryNumber(fields[2], out uint count)
            )
            {
                ids.lines.Add((inside, outside, count));
            }
        }

        return ids;
    }

    /// <summary>The number inside; one that has none there stays as it is.</summary>
    public uint Inside(uint outside)
    {
        foreach ((uint inside, uint first, uint count) in lines)
        {
            if (outside >= first && outside - first < count)
            {
                return inside + (outside - first);
            }
        }

        return outside;
    }

    public ProcessIds Inside(ProcessIds ids) =>
        new(Inside(ids.Real), Inside(ids.Effective), Inside(ids.Saved), Inside(ids.FileSystem));

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
