using System.Globalization;

namespace Tare.Linux;

/// <summary>What a process's user and time namespaces say in its directory. user_namespaces(7), time_namespaces(7).</summary>
public static class ProcNamespaceFiles
{
    /// <summary>The users of its user namespace, as seen from the reader's. /proc/PID/uid_map.</summary>
    public static SysResult<IReadOnlyList<IdRange>> UserMap(DirectoryFd process) => Map(process, "uid_map");

    /// <summary>The groups. /proc/PID/gid_map.</summary>
    public static SysResult<IReadOnlyList<IdRange>> GroupMap(DirectoryFd process) => Map(process, "gid_map");

    /// <summary>
    /// How far the clocks of the time namespace that its children will be in are ahead of the machine's. ENOENT: no
    /// CONFIG_TIME_NS. /proc/PID/timens_offsets.
    /// </summary>
    public static SysResult<(TimeSpan Monotonic, TimeSpan BootTime)> TimeOffsets(DirectoryFd process)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process, "timens_offsets", 1 << 12);
        return new(text.Ok ? ParseTimeOffsets(ProcText.String(text.Value)) : default, text.Errno);
    }

    /// <summary>Takes a map apart.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IReadOnlyList<IdRange> ParseMap(string text)
    {
        List<IdRange> ranges = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            ranges.Add(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [string first, string second, string third]
                && Id(first) is { } inside
                && Id(second) is { } outside
                && Id(third) is { } count
                    ? new(inside, outside, count)
                    : throw new FormatException($"'{line}' is no range of ids")
            );
        }

        return ranges;
    }

    /// <summary>Takes offsets apart: the clock's name, seconds, nanoseconds.</summary>
    /// <exception cref="FormatException">They are none.</exception>
    public static (TimeSpan Monotonic, TimeSpan BootTime) ParseTimeOffsets(string text)
    {
        (TimeSpan monotonic, TimeSpan bootTime) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [string clock, string whole, string rest]
                || !long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds)
                || !long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out long nanoseconds)
            )
            {
                throw new FormatException($"'{line}' is no offset");
            }

            TimeSpan offset = new((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / TimeSpan.NanosecondsPerTick));
            (monotonic, bootTime) = clock == "monotonic" ? (offset, bootTime) : (monotonic, offset);
        }

        return (monotonic, bootTime);
    }

    private static uint? Id(string field) =>
        uint.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) ? id : null;

    private static SysResult<IReadOnlyList<IdRange>> Map(DirectoryFd process, BytePath file)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process, file, 1 << 16);
        return new(text.Ok ? ParseMap(ProcText.String(text.Value)) : [], text.Errno);
    }
}
