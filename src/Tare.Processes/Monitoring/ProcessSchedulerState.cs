using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>How a process's first thread, or a thread, is scheduled. sched(7).</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Nice">The nice value, -20 to 19.</param>
/// <param name="Priority">The kernel's priority: 0 to 39 by nice value, negative for real-time.</param>
/// <param name="RealTimePriority">1 to 99 under SCHED_FIFO and SCHED_RR; else 0.</param>
/// <param name="Processor">The processor that it ran on last.</param>
/// <param name="AllowedProcessors">The processors that it may run on, as a list of ranges.</param>
/// <param name="Accounting">Weight, virtual runtime, run and wait time; null where not asked for.</param>
public sealed record ProcessSchedulerState(
    SchedulingPolicy Policy,
    int Nice,
    int Priority,
    int RealTimePriority,
    int Processor,
    string AllowedProcessors,
    ProcScheduler? Accounting
);
