using static Tare.Linux.CgroupText;

namespace Tare.Runtime.Cgroups;

/// <summary>Reads what the processes of a container have used.</summary>
public static class CgroupReading
{
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
}
