namespace Tare.Runtime.Cgroups;

/// <summary>What the processes of a container have used so far; null where no controller counts it.</summary>
public sealed record CgroupStatistics
{
    /// <summary>The most memory that was in use at once, in bytes.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>The memory in use, in bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>The time on all processors.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>The part of it in user mode.</summary>
    public TimeSpan? UserTime { get; init; }

    /// <summary>The part of it in the kernel.</summary>
    public TimeSpan? SystemTime { get; init; }

    /// <summary>Processes and threads.</summary>
    public long? Tasks { get; init; }

    /// <summary>The most processes and threads at once.</summary>
    public long? PeakTasks { get; init; }

    /// <summary>Bytes read from block devices.</summary>
    public long? ReadBytes { get; init; }

    /// <summary>Bytes written to block devices.</summary>
    public long? WrittenBytes { get; init; }

    /// <summary>How many processes were killed because the memory limit was reached.</summary>
    public long? OomKills { get; init; }
}
