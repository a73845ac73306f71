namespace Tare.Oci;

/// <summary>Shares and limits of processor time; null leaves what is. config-linux.md, "CPU".</summary>
public sealed record CpuSpec
{
    /// <summary>The relative weight as cgroup v1 has it, 2 to 262144.</summary>
    public ulong? Shares { get; init; }

    /// <summary>Microseconds of processor time in each period; -1 (and all less than it) is no limit.</summary>
    public long? Quota { get; init; }

    /// <summary>Microseconds that may be saved up for a burst.</summary>
    public ulong? Burst { get; init; }

    /// <summary>The period's length in microseconds.</summary>
    public ulong? Period { get; init; }

    /// <summary>The processors to run on, as a list such as <c>0-3,7</c>.</summary>
    public string? Cpus { get; init; }

    /// <summary>The memory nodes to use, as a list such as <c>0-1</c>.</summary>
    public string? Mems { get; init; }

    /// <summary>1 makes the cgroup run only when nothing else would (SCHED_IDLE), 0 is the default.</summary>
    public long? Idle { get; init; }

    /// <summary>Microseconds of each real-time period for real-time tasks; cgroup v1 only.</summary>
    public long? RealtimeRuntime { get; init; }

    /// <summary>The real-time period's length in microseconds; cgroup v1 only.</summary>
    public ulong? RealtimePeriod { get; init; }
}
