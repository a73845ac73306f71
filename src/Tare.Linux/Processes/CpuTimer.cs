using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// A timer that runs while a process runs on processors, and then sends a signal to a thread of this process. timer_create(2)
/// with a clock of clock_getcpuclockid(3).
/// </summary>
public sealed class CpuTimer : IDisposable
{
    private const int ToThread = 4;
    private const int Absolute = 1;
    private readonly int timer;
    private bool deleted;

    private CpuTimer(int timer) => this.timer = timer;

    /// <summary>Makes one, which does not run yet. EINVAL: there is no such process or thread. Deleted when disposed.</summary>
    /// <param name="processId">Whose CPU time; 0 is this process.</param>
    /// <param name="signal">The signal; the thread should have blocked it, and read it by a <see cref="SignalFd"/>.</param>
    /// <param name="threadId">A thread of this process.</param>
    public static SysResult<CpuTimer> Create(int processId, Signal signal, int threadId)
    {
        nint raw = Interop.timer_create(
            ProcessClocks.ClockOf(processId),
            new()
            {
                Signal = signal,
                How = ToThread,
                ThreadId = threadId,
            },
            out int timer
        );
        return raw < 0 ? Interop.Failed<CpuTimer>(raw) : new(new CpuTimer(timer), Errno.None);
    }

    /// <summary>Expires when the process has used that much since it began; at once where it has. TIMER_ABSTIME.</summary>
    public SysResult ExpireAt(TimeSpan total) => Set(Absolute, total, TimeSpan.Zero);

    /// <summary>Expires when the process has used that much more, and then again and again.</summary>
    /// <param name="first">CPU time from now.</param>
    /// <param name="interval">CPU time between; zero is once.</param>
    public SysResult ExpireAfter(TimeSpan first, TimeSpan interval = default) => Set(0, first, interval);

    /// <summary>CPU time until it expires next; zero where it does not run. timer_gettime(2).</summary>
    public SysResult<TimeSpan> Remaining()
    {
        nint raw = Interop.timer_gettime(timer, out TimerTimes times);
        return new(ProcessClocks.Time(times.First), Interop.ErrnoOf(raw));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!deleted)
        {
            deleted = true;
            Interop.Call(Syscall.timer_delete, timer);
        }
    }

    private SysResult Set(int flags, TimeSpan first, TimeSpan interval) =>
        Interop.Result(Interop.timer_settime(timer, flags, new() { First = Spec(first), Interval = Spec(interval) }));

    private static TimeSpec Spec(TimeSpan time) =>
        new()
        {
            Seconds = time.Ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
}
