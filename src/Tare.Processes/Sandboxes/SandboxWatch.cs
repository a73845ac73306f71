namespace Tare.Processes;

/// <summary>
/// Kills a sandbox whose time is up, on the clock or of the processors. The kernel's own limit of processor time is of single
/// processes, in whole seconds, and counted in ticks; this one is of all processes, and exact to some milliseconds.
/// </summary>
internal sealed class SandboxWatch : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly Lock turn = new();
    private readonly Action kill;
    private readonly Func<TimeSpan?> readUsed;
    private readonly TimeSpan cpuTime;
    private readonly double processors;
    private readonly Timer? clock;
    private readonly Timer? cpu;
    private bool over;

    /// <summary>Begins to watch; what the options do not limit costs nothing.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="readUsed">Processor time that all processes have used; null once nothing runs.</param>
    /// <param name="kill">Kills all of them. Not called once this is disposed.</param>
    public SandboxWatch(SandboxOptions options, Func<TimeSpan?> readUsed, Action kill)
    {
        this.readUsed = readUsed;
        this.kill = kill;
        processors = Math.Min(options.Cpu ?? double.MaxValue, Environment.ProcessorCount);
        if (options.Time is { } time)
        {
            clock = new Timer(_ => Exceed(SandboxEnd.TimeExceeded), null, AtMost(time), Timeout.InfiniteTimeSpan);
        }

        if (options.CpuTime is { } limit)
        {
            cpuTime = limit;
            cpu = new Timer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            cpu.Change(Until(TimeSpan.Zero), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The limit that it was killed for; null while there is none.</summary>
    public SandboxEnd? Exceeded { get; private set; }

    /// <summary>Ends watching. What is in the middle of killing has finished when this returns.</summary>
    public void Dispose()
    {
        lock (turn)
        {
            over = true;
        }

        clock?.Dispose();
        cpu?.Dispose();
    }

    private static TimeSpan AtMost(TimeSpan time) => time < Longest ? time : Longest;

    // Not all of what is left can be used sooner.
    private TimeSpan Until(TimeSpan used)
    {
        TimeSpan soonest = (cpuTime - used) / processors;
        return AtMost(soonest > Shortest ? soonest : Shortest);
    }

    private void Look()
    {
        lock (turn)
        {
            if (over || readUsed() is not { } used)
            {
                return;
            }

            if (used < cpuTime)
            {
                cpu!.Change(Until(used), Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Exceed(SandboxEnd.CpuTimeExceeded);
    }

    private void Exceed(SandboxEnd limit)
    {
        lock (turn)
        {
            if (!over)
            {
                over = true;
                Exceeded = limit;
                kill();
            }
        }
    }
}
