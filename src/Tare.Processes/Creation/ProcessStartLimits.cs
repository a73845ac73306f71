using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// The limits that a process begins with, in the units of <see cref="ProcessLimits"/>; null is what this process has. Raising a
/// hard one takes CAP_SYS_RESOURCE. setrlimit(2).
/// </summary>
public sealed record ProcessStartLimits
{
    /// <summary>None is changed.</summary>
    public static ProcessStartLimits Inherited { get; } = new();

    /// <summary>Processor time, at which SIGXCPU comes, and at the hard limit SIGKILL; whole seconds. RLIMIT_CPU.</summary>
    public ProcessLimit<TimeSpan>? CpuTime { get; init; }

    /// <summary>The size in bytes that files may grow to. RLIMIT_FSIZE.</summary>
    public ProcessLimit<long>? FileSize { get; init; }

    /// <summary>Private writable memory in bytes. RLIMIT_DATA.</summary>
    public ProcessLimit<long>? Data { get; init; }

    /// <summary>The first thread's stack in bytes, arguments and environment included. RLIMIT_STACK.</summary>
    public ProcessLimit<long>? Stack { get; init; }

    /// <summary>A core dump in bytes; 0 for none. RLIMIT_CORE.</summary>
    public ProcessLimit<long>? CoreDump { get; init; }

    /// <summary>Resident memory in bytes; the kernel does not enforce it. RLIMIT_RSS.</summary>
    public ProcessLimit<long>? ResidentMemory { get; init; }

    /// <summary>Processes and threads of the user, beyond which the process makes none; not for CAP_SYS_RESOURCE. RLIMIT_NPROC.</summary>
    public ProcessLimit<long>? Processes { get; init; }

    /// <summary>Open files: one more than the highest number. RLIMIT_NOFILE.</summary>
    public ProcessLimit<long>? OpenFiles { get; init; }

    /// <summary>Locked memory in bytes. RLIMIT_MEMLOCK.</summary>
    public ProcessLimit<long>? LockedMemory { get; init; }

    /// <summary>The address space in bytes. RLIMIT_AS.</summary>
    public ProcessLimit<long>? AddressSpace { get; init; }

    /// <summary>File locks; the kernel has not enforced it since Linux 2.4.25. RLIMIT_LOCKS.</summary>
    public ProcessLimit<long>? FileLocks { get; init; }

    /// <summary>Signals that wait for the user's processes. RLIMIT_SIGPENDING.</summary>
    public ProcessLimit<long>? PendingSignals { get; init; }

    /// <summary>The user's POSIX message queues in bytes. RLIMIT_MSGQUEUE.</summary>
    public ProcessLimit<long>? MessageQueues { get; init; }

    /// <summary>How far the nice value may be lowered: to 20 less this. RLIMIT_NICE.</summary>
    public ProcessLimit<long>? NiceCeiling { get; init; }

    /// <summary>The highest real-time priority. RLIMIT_RTPRIO.</summary>
    public ProcessLimit<long>? RealTimePriority { get; init; }

    /// <summary>Processor time of a real-time thread without a wait, at which SIGXCPU comes; microseconds. RLIMIT_RTTIME.</summary>
    public ProcessLimit<TimeSpan>? RealTimeTime { get; init; }

    /// <summary>Those that are given, in the kernel's units.</summary>
    internal IEnumerable<(ResourceLimit Resource, ProcessLimit<long> Limit)> Given
    {
        get
        {
            if (ReferenceEquals(this, Inherited))
            {
                yield break;
            }

            (ResourceLimit Resource, ProcessLimit<long>? Limit)[] all =
            [
                (ResourceLimit.RLIMIT_CPU, Whole(CpuTime, TimeSpan.TicksPerSecond)),
                (ResourceLimit.RLIMIT_FSIZE, FileSize),
                (ResourceLimit.RLIMIT_DATA, Data),
                (ResourceLimit.RLIMIT_STACK, Stack),
                (ResourceLimit.RLIMIT_CORE, CoreDump),
                (ResourceLimit.RLIMIT_RSS, ResidentMemory),
                (ResourceLimit.RLIMIT_NPROC, Processes),
                (ResourceLimit.RLIMIT_NOFILE, OpenFiles),
                (ResourceLimit.RLIMIT_MEMLOCK, LockedMemory),
                (ResourceLimit.RLIMIT_AS, AddressSpace),
                (ResourceLimit.RLIMIT_LOCKS, FileLocks),
                (ResourceLimit.RLIMIT_SIGPENDING, PendingSignals),
                (ResourceLimit.RLIMIT_MSGQUEUE, MessageQueues),
                (ResourceLimit.RLIMIT_NICE, NiceCeiling),
                (ResourceLimit.RLIMIT_RTPRIO, RealTimePriority),
                (ResourceLimit.RLIMIT_RTTIME, Whole(RealTimeTime, TimeSpan.TicksPerMicrosecond)),
            ];
            foreach ((ResourceLimit resource, ProcessLimit<long>? limit) in all)
            {
                if (limit is { } given)
                {
                    yield return (resource, given);
                }
            }
        }
    }

    private static ProcessLimit<long>? Whole(ProcessLimit<TimeSpan>? limit, long ticks) =>
        limit is { } time ? time.InUnits(ticks) : null;
}
