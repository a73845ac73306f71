namespace Tare.Linux.Abi;

/// <summary>Flags of sched_setattr(2). linux/sched.h.</summary>
[Flags]
public enum SchedulingFlags : ulong
{
    /// <summary>Children begin with the default policy.</summary>
    SCHED_FLAG_RESET_ON_FORK = 0x1,

    /// <summary>What other deadline tasks leave may be used.</summary>
    SCHED_FLAG_RECLAIM = 0x2,

    /// <summary>SIGXCPU where a deadline task runs over its time.</summary>
    SCHED_FLAG_DL_OVERRUN = 0x4,

    /// <summary>The policy stays as it is.</summary>
    SCHED_FLAG_KEEP_POLICY = 0x8,

    /// <summary>The parameters stay as they are.</summary>
    SCHED_FLAG_KEEP_PARAMS = 0x10,

    /// <summary>The lower bound of utilisation is given.</summary>
    SCHED_FLAG_UTIL_CLAMP_MIN = 0x20,

    /// <summary>The upper bound of utilisation is given.</summary>
    SCHED_FLAG_UTIL_CLAMP_MAX = 0x40,
}
