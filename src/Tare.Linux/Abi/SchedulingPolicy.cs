namespace Tare.Linux.Abi;

/// <summary>How a task gets processor time. sched(7). linux/sched.h.</summary>
public enum SchedulingPolicy : uint
{
    /// <summary>By nice values.</summary>
    SCHED_OTHER = 0,

    /// <summary>By static priority, until it gives way.</summary>
    SCHED_FIFO = 1,

    /// <summary>By static priority, in turns with others of the same.</summary>
    SCHED_RR = 2,

    /// <summary>By nice values, as one that is not interactive.</summary>
    SCHED_BATCH = 3,

    /// <summary>Reserved and never implemented.</summary>
    SCHED_ISO = 4,

    /// <summary>When nobody else wants to run.</summary>
    SCHED_IDLE = 5,

    /// <summary>By deadline.</summary>
    SCHED_DEADLINE = 6,

    /// <summary>By a program that somebody loaded, or like SCHED_OTHER where there is none. Linux 6.12.</summary>
    SCHED_EXT = 7,
}
