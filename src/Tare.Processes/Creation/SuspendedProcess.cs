using Tare.Launch;

namespace Tare.Processes;

/// <summary>
/// A process that waits just before it executes its program. Disposing one that was not resumed kills and reaps it; it also
/// ends when this process does.
/// </summary>
public sealed class SuspendedProcess : IDisposable
{
    private readonly PreparedStart start;
    private readonly StartPlan plan;
    private readonly PendingLaunch pending;
    private readonly StartStreams streams;
    private readonly Action? reaped;
    private bool over;

    internal SuspendedProcess(
        PreparedStart start,
        StartPlan plan,
        PendingLaunch pending,
        StartStreams streams,
        Action? reaped
    )
    {
        this.plan = plan;
        this.reaped = reaped;
        this.start = start;
        this.pending = pending;
        this.streams = streams;
        ProcessId = pending.ProcessId;
    }

    /// <summary>Its number in this process's PID namespace.</summary>
    public int ProcessId { get; }

    /// <summary>Lets it execute its program; returns once that is done.</summary>
    /// <exception cref="ProcessStartException">The program could not be executed. Nothing is left.</exception>
    public ChildProcess Resume() => Resume(plan, null);

    /// <summary>The same, of a process that was made without a program.</summary>
    internal ChildProcess Resume(string file, IReadOnlyList<string> arguments, Action<LaunchedProcess>? look)
    {
        plan.Late!.Write(pending, file, arguments);
        return Resume(plan with { FileName = file }, look);
    }

    private ChildProcess Resume(StartPlan resumed, Action<LaunchedProcess>? look)
    {
        ObjectDisposedException.ThrowIf(over, this);
        over = true;
        try
        {
            return start.Resume(resumed, pending, streams, look);
        }
        finally
        {
            pending.Dispose();
            streams.Dispose();
            reaped?.Invoke();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!over)
        {
            over = true;
            pending.Dispose();
            streams.Dispose();
            reaped?.Invoke();
        }
    }
}
