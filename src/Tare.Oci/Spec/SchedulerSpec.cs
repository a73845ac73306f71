namespace Tare.Oci;

/// <summary>How the kernel schedules the program. config.md, "scheduler"; sched_setattr(2).</summary>
public sealed record SchedulerSpec
{
    /// <summary>The policy: <c>SCHED_OTHER</c>, <c>SCHED_FIFO</c> and so on.</summary>
    public required string Policy { get; init; }

    /// <summary>The nice value, for the policies that have one.</summary>
    public int Nice { get; init; }

    /// <summary>The static priority, for <c>SCHED_FIFO</c> and <c>SCHED_RR</c>.</summary>
    public int Priority { get; init; }

    /// <summary>Flags: <c>SCHED_FLAG_RESET_ON_FORK</c> and so on.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>The processor time within each period, in nanoseconds, for <c>SCHED_DEADLINE</c>; elsewhere the slice.</summary>
    public ulong Runtime { get; init; }

    /// <summary>By when it is to be had, in nanoseconds, for <c>SCHED_DEADLINE</c>.</summary>
    public ulong Deadline { get; init; }

    /// <summary>The period in nanoseconds, for <c>SCHED_DEADLINE</c>.</summary>
    public ulong Period { get; init; }
}
