namespace Tare.Linux.Abi;

/// <summary>Whom a core scheduling cookie is for. linux/prctl.h, PR_SCHED_CORE.</summary>
public enum CoreSchedulingScope
{
    /// <summary>One thread.</summary>
    Thread = 0,

    /// <summary>All threads of a process.</summary>
    Process = 1,

    /// <summary>All processes of a group.</summary>
    ProcessGroup = 2,
}
