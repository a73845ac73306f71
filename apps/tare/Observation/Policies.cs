using System.Globalization;
using Tare.Linux.Abi;

namespace Tare.Cli.Observation;

/// <summary>Scheduling policies by the kernel's names. A table, because reading names off an enum takes reflection.</summary>
internal static class Policies
{
    /// <summary><c>SCHED_OTHER</c> and so on.</summary>
    public static string NameOf(SchedulingPolicy policy) =>
        policy switch
        {
            SchedulingPolicy.SCHED_OTHER => "SCHED_OTHER",
            SchedulingPolicy.SCHED_FIFO => "SCHED_FIFO",
            SchedulingPolicy.SCHED_RR => "SCHED_RR",
            SchedulingPolicy.SCHED_BATCH => "SCHED_BATCH",
            SchedulingPolicy.SCHED_ISO => "SCHED_ISO",
            SchedulingPolicy.SCHED_IDLE => "SCHED_IDLE",
            SchedulingPolicy.SCHED_DEADLINE => "SCHED_DEADLINE",
            _ => string.Create(CultureInfo.InvariantCulture, $"SCHED_{(uint)policy}"),
        };

    /// <summary>A state's letter in words.</summary>
    public static string StateOf(char state) =>
        state switch
        {
            'R' => "running",
            'S' => "sleeping",
            'D' => "waiting for a disk",
            'T' => "stopped",
            't' => "stopped by its tracer",
            'Z' => "ended, not reaped",
            'X' or 'x' => "dead",
            'I' => "idle",
            _ => "unknown",
        };
}
