namespace Tare.Processes;

/// <summary>What a thread was at one moment. /proc/PID/task/TID.</summary>
public sealed record ThreadSnapshot
{
    /// <summary>Its number in the PID namespace of /proc.</summary>
    public required int ThreadId { get; init; }

    /// <summary>Its name, cut to 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>As <see cref="ProcessSnapshot.State"/>.</summary>
    public required char State { get; init; }

    /// <summary>How it is scheduled.</summary>
    public required ProcessSchedulerState Scheduler { get; init; }

    /// <summary>CPU time in user mode; counted in 10 ms.</summary>
    public required TimeSpan UserTime { get; init; }

    /// <summary>CPU time in the kernel; counted in 10 ms.</summary>
    public required TimeSpan SystemTime { get; init; }

    /// <summary>Page faults without I/O.</summary>
    public required long MinorFaults { get; init; }

    /// <summary>Page faults with I/O.</summary>
    public required long MajorFaults { get; init; }

    /// <summary>Context switches while it waited.</summary>
    public required long VoluntarySwitches { get; init; }

    /// <summary>Context switches because its time was up.</summary>
    public required long InvoluntarySwitches { get; init; }

    /// <summary>The kernel's function that it waits in; null where it runs, or the caller may not know.</summary>
    public string? WaitsIn { get; init; }
}
