using System.Globalization;

namespace Tare.Runtime.Cgroups;

/// <summary>Reads what the processes of a container have used.</summary>
public static class CgroupReading
{
    private const long NanosecondsPerTick = 100;

    /// <summary>The figures that the groups have; null where there is no controller for one.</summary>
    public static CgroupStatistics Read(ContainerCgroup cgroup)
    {
        CgroupStatistics statistics = new();
        foreach (ContainerCgroup.Group group in cgroup.Groups)
        {
            statistics = group.IsUnified ? Unified(statistics, group) : Legacy(statistics, group);
        }

        return statistics;
    }

    private static CgroupStatistics Unified(CgroupStatistics known, ContainerCgroup.Group group)
    {
        string? cpu = group.Read("cpu.stat");
        string? io = group.Read("io.stat");
        return known with
        {
            PeakMemory = known.PeakMemory ?? Number(group.Read("memory.peak")),
            Memory = known.Memory ?? Number(group.Read("memory.current")),
            CpuTime = Microseconds(Field(cpu, "usage_usec ")) ?? known.CpuTime,
            UserTime = Microseconds(Field(cpu, "user_usec ")) ?? known.UserTime,
            SystemTime = Microseconds(Field(cpu, "system_usec ")) ?? known.SystemTime,
            Tasks = known.Tasks ?? Number(group.Read("pids.current")),
            PeakTasks = known.PeakTasks ?? Number(group.Read("pids.peak")),
            ReadBytes = known.ReadBytes ?? Sum(io, "rbytes="),
            WrittenBytes = known.WrittenBytes ?? Sum(io, "wbytes="),
            OomKills = known.OomKills ?? Field(group.Read("memory.events"), "oom_kill "),
        };
    }

    private static CgroupStatistics Legacy(CgroupStatistics known, ContainerCgroup.Group group)
    {
        if (group.Has("memory"))
        {
            known = known with
            {
                PeakMemory = Number(group.Read("memory.max_usage_in_bytes")),
                Memory = Number(group.Read("memory.usage_in_bytes")),
                OomKills = Field(group.Read("memory.oom_control"), "oom_kill "),
            };
        }

        if (group.Has("cpuacct"))
        {
            long? usage = Number(group.Read("cpuacct.usage"));
            known = known with { CpuTime = known.CpuTime ?? Nanoseconds(usage) };
        }

        if (group.Has("pids"))
        {
            known = known with
            {
                Tasks = Number(group.Read("pids.current")),
                PeakTasks = Number(group.Read("pids.peak")),
            };
        }

        if (group.Has("blkio"))
        {
            string? bytes = group.Read("blkio.throttle.io_service_bytes_recursive");
            known = known with { ReadBytes = Sum(bytes, "Read "), WrittenBytes = Sum(bytes, "Write ") };
        }

        return known;
    }

    private static long? Number(ReadOnlySpan<char> text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>The number behind a name at the beginning of a line.</summary>
    private static long? Field(string? text, string name)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return Number(line[name.Length..]);
            }
        }

        return null;
    }

    /// <summary>The sum of the numbers behind every occurrence of a name; null if there is no text at all.</summary>
    private static long? Sum(string? text, string name)
    {
        if (text is null)
        {
            return null;
        }

        long sum = 0;
        for (int at = 0; (at = text.IndexOf(name, at, StringComparison.Ordinal)) >= 0; )
        {
            at += name.Length;
            int end = at;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            sum += Number(text.AsSpan(at, end - at)) ?? 0;
        }

        return sum;
    }

    private static TimeSpan? Microseconds(long? value) =>
        value is { } number ? TimeSpan.FromMicroseconds(number) : null;

    private static TimeSpan? Nanoseconds(long? value) =>
        value is { } number ? TimeSpan.FromTicks(number / NanosecondsPerTick) : null;
}
