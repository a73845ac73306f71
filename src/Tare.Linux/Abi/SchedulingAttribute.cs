using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What sched_setattr(2) takes: struct sched_attr of linux/sched/types.h, in the form of Linux 5.3.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SchedulingAttribute
{
    /// <summary>The size of this struct in bytes.</summary>
    public const int StructSize = 56;

    /// <summary><see cref="StructSize"/>.</summary>
    public uint Size;

    /// <summary>The policy.</summary>
    public SchedulingPolicy Policy;

    /// <summary>Flags.</summary>
    public SchedulingFlags Flags;

    /// <summary>The nice value, -20 to 19.</summary>
    public int Nice;

    /// <summary>The static priority, 1 to 99, for SCHED_FIFO and SCHED_RR.</summary>
    public uint Priority;

    /// <summary>Processor time in each period, in nanoseconds; the slice for policies with nice values.</summary>
    public ulong Runtime;

    /// <summary>By when it is to be had, in nanoseconds from the period's begin.</summary>
    public ulong Deadline;

    /// <summary>The period in nanoseconds.</summary>
    public ulong Period;

    /// <summary>The lower bound of utilisation.</summary>
    public uint UtilizationMinimum;

    /// <summary>The upper bound of utilisation.</summary>
    public uint UtilizationMaximum;
}
