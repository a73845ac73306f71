namespace Tare.Linux.Abi;

/// <summary>Classes of I/O scheduling, which stand above the priority within them (bit 13). linux/ioprio.h.</summary>
public enum IoPriorityClass
{
    /// <summary>Before all others.</summary>
    IOPRIO_CLASS_RT = 1,

    /// <summary>The usual.</summary>
    IOPRIO_CLASS_BE = 2,

    /// <summary>When nobody else wants the disk.</summary>
    IOPRIO_CLASS_IDLE = 3,
}
