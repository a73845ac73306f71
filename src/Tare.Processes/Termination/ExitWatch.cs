using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>
/// Waits for one child and reaps it, whether anybody asks or not, so that no zombie is left. Others' children are never
/// touched: the child is waited for by its descriptor.
/// </summary>
internal sealed class ExitWatch
{
    private readonly PidFd process;
    private readonly Action? reaped;
    private readonly WatchedDescriptor watched;
    private readonly Lock reaping = new();
    private readonly TaskCompletionSource<ProcessExit> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins to wait.</summary>
    /// <param name="process">The child; stays the caller's, and open until <see cref="Ended"/> has completed.</param>
    /// <param name="reaped">What is done once its number may become another's.</param>
    /// <exception cref="KernelException">It cannot be waited for: too many descriptors are watched.</exception>
    public ExitWatch(PidFd process, Action? reaped = null)
    {
        this.process = process;
        this.reaped = reaped;
        watched = Reactor.Shared.Watch(process, EpollEvents.EPOLLIN);
        _ = ReapAsync();
    }

    /// <summary>Completes when the child has ended and was reaped.</summary>
    public Task<ProcessExit> Ended => ended.Task;

    /// <summary>Looks at once whether the child has ended, instead of waiting to be told.</summary>
    public bool TryReap()
    {
        lock (reaping)
        {
            if (ended.Task.IsCompleted)
            {
                return true;
            }

            SysResult<WaitOutcome?> wait = PidFds.Wait(process, WaitOptions.WEXITED | WaitOptions.WNOHANG);
            if (wait is { Ok: true, Value: null })
            {
                return false;
            }

            watched.Dispose();
            reaped?.Invoke();
            if (wait.Value is { } outcome)
            {
                ended.SetResult(new ProcessExit(outcome.Status, outcome.Usage));
                return true;
            }

            // Somebody else reaped it, or the kernel did because SIGCHLD is ignored; what it used is gone, how it ended the
            // descriptor still tells (Linux 6.15).
            if (PidFds.GetExitStatus(process).Value is { } status)
            {
                ended.SetResult(new ProcessExit(status, default));
            }
            else
            {
                ended.SetException(
                    new KernelException(
                        wait.Errno,
                        "wait for a child",
                        hint: "somebody else reaped it, or SIGCHLD is ignored in this program: how it ended is not known"
                    )
                );
            }

            return true;
        }
    }

    /// <summary>Takes what the kernel has to say about a child that was stopped or goes on; null where there is nothing new.</summary>
    public ChildStateChange? TakeStateChange()
    {
        lock (reaping)
        {
            return
                !ended.Task.IsCompleted
                && PidFds.Wait(process, WaitOptions.WSTOPPED | WaitOptions.WCONTINUED | WaitOptions.WNOHANG).Value
                    is { Ended: false } outcome
                ? new ChildStateChange(outcome.Code != ChildCode.CLD_CONTINUED, outcome.StopSignal)
                : null;
        }
    }

    private async Task ReapAsync()
    {
        while (!TryReap())
        {
            await watched.ReadableAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
