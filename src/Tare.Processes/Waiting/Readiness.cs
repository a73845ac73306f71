using System.Threading.Tasks.Sources;

namespace Tare.Processes.Waiting;

/// <summary>
/// Whether a descriptor may be read, or written, now: set by the reactor when the kernel says so, taken by the one who waits.
/// One waiter at a time. A signal that comes while nobody waits is kept, so that none is lost between a call that would
/// have blocked and the wait.
/// </summary>
internal sealed class Readiness : IValueTaskSource
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration registration;
    private bool signaled;
    private bool waiting;

    /// <summary>Somebody waits.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (gate)
            {
                return waiting;
            }
        }
    }

    /// <summary>Says that something happened.</summary>
    public void Set()
    {
        lock (gate)
        {
            if (!waiting)
            {
                signaled = true;
                return;
            }

            waiting = false;
        }

        source.SetResult(true);
    }

    /// <summary>Completes when something has happened since the last wait.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits already.</exception>
    public ValueTask WaitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        short version;
        lock (gate)
        {
            if (signaled)
            {
                signaled = false;
                return ValueTask.CompletedTask;
            }

            if (waiting)
            {
                throw new InvalidOperationException("one read and one write at a time");
            }

            source.Reset();
            version = source.Version;
            waiting = true;
        }

        if (cancellation.CanBeCanceled)
        {
            registration = cancellation.UnsafeRegister(
                static (state, token) => ((Readiness)state!).Cancel(token),
                this
            );
        }

        return new ValueTask(this, version);
    }

    /// <inheritdoc />
    public void GetResult(short token)
    {
        CancellationTokenRegistration over = registration;
        registration = default;
        over.Dispose();
        source.GetResult(token);
    }

    /// <inheritdoc />
    public ValueTaskSourceStatus GetStatus(short token) => source.GetStatus(token);

    /// <inheritdoc />
    public void OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => source.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        lock (gate)
        {
            if (!waiting)
            {
                return;
            }

            waiting = false;
        }

        source.SetException(new OperationCanceledException(token));
    }
}
