using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>CPU time to the nanosecond, and what the calling process used.</summary>
public static class ProcessClocks
{
    /// <summary>CPU time of a process with all its threads; 0 is the caller. ESRCH or EINVAL: there is none. clock_getcpuclockid(3).</summary>
    public static SysResult<TimeSpan> CpuTime(int processId)
    {
        const int Scheduler = 2;
        nint raw = Interop.clock_gettime((~processId << 3) | Scheduler, out TimeSpec time);
        return new(
            new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick)),
            Interop.ErrnoOf(raw)
        );
    }

    /// <summary>What the calling process used. getrusage(2), RUSAGE_SELF.</summary>
    public static ResourceUsage Own() => Usage(0);

    /// <summary>What children used that were waited for. getrusage(2), RUSAGE_CHILDREN.</summary>
    public static ResourceUsage Children() => Usage(-1);

    /// <summary>What the calling thread used. getrusage(2), RUSAGE_THREAD.</summary>
    public static ResourceUsage OwnThread() => Usage(1);

    private static ResourceUsage Usage(int who)
    {
        nint raw = Interop.getrusage(who, out RUsage usage);
        Interop.Result(raw).OrThrow("getrusage");
        return ResourceUsage.From(usage);
    }
}
