namespace Tare.Oci;

/// <summary>Processor time, in nanoseconds.</summary>
public sealed record CpuStatistics
{
    /// <summary>All of it.</summary>
    public ulong Total { get; init; }

    /// <summary>In programs.</summary>
    public ulong User { get; init; }

    /// <summary>In the kernel.</summary>
    public ulong Kernel { get; init; }

    /// <summary>All of it, by processor; cgroup v1 only.</summary>
    public IReadOnlyList<ulong> PerProcessor { get; init; } = [];

    /// <summary>In the kernel, by processor; cgroup v1 only.</summary>
    public IReadOnlyList<ulong> PerProcessorKernel { get; init; } = [];

    /// <summary>In programs, by processor; cgroup v1 only.</summary>
    public IReadOnlyList<ulong> PerProcessorUser { get; init; } = [];

    /// <summary>Periods of the quota that have passed.</summary>
    public ulong Periods { get; init; }

    /// <summary>Periods in which the quota was used up.</summary>
    public ulong ThrottledPeriods { get; init; }

    /// <summary>How long processes had to wait for the next period, in nanoseconds.</summary>
    public ulong ThrottledTime { get; init; }

    /// <summary>How much was waited for processors; null where the kernel does not say.</summary>
    public PressureStatistics? Pressure { get; init; }
}
