using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>When a process runs. sched(7).</summary>
/// <param name="Policy">The policy.</param>
public sealed record ProcessScheduling(SchedulingPolicy Policy)
{
    /// <summary>1 to 99, for SCHED_FIFO and SCHED_RR.</summary>
    public int Priority { get; init; }

    /// <summary>SCHED_DEADLINE: processor time in each period. SCHED_OTHER and SCHED_BATCH: the slice (Linux 6.12).</summary>
    public TimeSpan Runtime { get; init; }

    /// <summary>By when after a period's begin it is to be had; SCHED_DEADLINE.</summary>
    public TimeSpan Deadline { get; init; }

    /// <summary>The period; zero is the deadline. SCHED_DEADLINE.</summary>
    public TimeSpan Period { get; init; }

    /// <summary>Further wishes.</summary>
    public SchedulingFlags Flags { get; init; }
}

/// <summary>How a process's I/O is preferred. ioprio_set(2).</summary>
/// <param name="Class">The class.</param>
/// <param name="Level">From 0, the highest, to 7; has no meaning for IOPRIO_CLASS_IDLE.</param>
public sealed record IoPriority(IoPriorityClass Class, int Level = 4);

/// <summary>The size of a terminal in characters.</summary>
/// <param name="Rows">Lines.</param>
/// <param name="Columns">Characters in a line.</param>
public readonly record struct TerminalSize(ushort Rows, ushort Columns);
