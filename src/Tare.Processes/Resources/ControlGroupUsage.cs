using Tare.Linux;
using static Tare.Linux.CgroupText;

namespace Tare.Processes;

/// <summary>What the processes of a cgroup have used; null where this machine has no controller that counts it.</summary>
public sealed record ControlGroupUsage
{
    /// <summary>Processor time.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Processor time in user mode.</summary>
    public TimeSpan? UserTime { get; init; }

    /// <summary>Processor time in the kernel.</summary>
    public TimeSpan? SystemTime { get; init; }

    /// <summary>How long processes were kept from running by <see cref="ControlGroupLimits.Cpus"/>.</summary>
    public TimeSpan? ThrottledTime { get; init; }

    /// <summary>Memory in bytes now, files cached in memory included.</summary>
    public long? Memory { get; init; }

    /// <summary>The most memory in bytes at a time.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>Swap in bytes now; v2 only.</summary>
    public long? Swap { get; init; }

    /// <summary>Processes killed for want of memory.</summary>
    public long? OomKills { get; init; }

    /// <summary>Processes and threads now.</summary>
    public long? Processes { get; init; }

    /// <summary>The most processes and threads at a time.</summary>
    public long? PeakProcesses { get; init; }

    /// <summary>How often a process could not be made because of <see cref="ControlGroupLimits.ProcessesMax"/>.</summary>
    public long? RefusedProcesses { get; init; }

    /// <summary>Bytes read from disks.</summary>
    public long? ReadBytes { get; init; }

    /// <summary>Bytes written to disks.</summary>
    public long? WrittenBytes { get; init; }

    internal ControlGroupUsage AddUnified(CgroupNode node)
    {
        string? cpu = node.Read("cpu.stat");
        string? io = node.Read("io.stat");
        return this with
        {
            CpuTime = CpuTime ?? Microseconds(Field(cpu, "usage_usec ")),
            UserTime = UserTime ?? Microseconds(Field(cpu, "user_usec ")),
            SystemTime = SystemTime ?? Microseconds(Field(cpu, "system_usec ")),
            ThrottledTime = ThrottledTime ?? Microseconds(Field(cpu, "throttled_usec ")),
            Memory = Memory ?? Number(node.Read("memory.current")),
            PeakMemory = PeakMemory ?? Number(node.Read("memory.peak")),
            Swap = Number(node.Read("memory.swap.current")),
            OomKills = OomKills ?? Field(node.Read("memory.events"), "oom_kill "),
            Processes = Processes ?? Number(node.Read("pids.current")),
            PeakProcesses = PeakProcesses ?? Number(node.Read("pids.peak")),
            RefusedProcesses = RefusedProcesses ?? Field(node.Read("pids.events"), "max "),
            ReadBytes = ReadBytes ?? Sum(io, "rbytes="),
            WrittenBytes = WrittenBytes ?? Sum(io, "wbytes="),
        };
    }

    internal ControlGroupUsage AddLegacy(CgroupNode node, IReadOnlyList<string> controllers)
    {
        ControlGroupUsage usage = this;
        if (controllers.Contains("memory"))
        {
            usage = usage with
            {
                Memory = Number(node.Read("memory.usage_in_bytes")),
                PeakMemory = Number(node.Read("memory.max_usage_in_bytes")),
                OomKills = Field(node.Read("memory.oom_control"), "oom_kill "),
            };
        }

        if (controllers.Contains("cpuacct"))
        {
            usage = usage with
            {
                CpuTime = Nanoseconds(Number(node.Read("cpuacct.usage"))),
                UserTime = Nanoseconds(Number(node.Read("cpuacct.usage_user"))),
                SystemTime = Nanoseconds(Number(node.Read("cpuacct.usage_sys"))),
            };
        }

        if (controllers.Contains("cpu"))
        {
            usage = usage with { ThrottledTime = Nanoseconds(Field(node.Read("cpu.stat"), "throttled_time ")) };
        }

        if (controllers.Contains("pids"))
        {
            usage = usage with
            {
                Processes = Number(node.Read("pids.current")),
                PeakProcesses = Number(node.Read("pids.peak")),
                RefusedProcesses = Field(node.Read("pids.events"), "max "),
            };
        }

        if (controllers.Contains("blkio"))
        {
            string? bytes = node.Read("blkio.throttle.io_service_bytes_recursive");
            usage = usage with { ReadBytes = Sum(bytes, "Read "), WrittenBytes = Sum(bytes, "Write ") };
        }

        return usage;
    }
}
