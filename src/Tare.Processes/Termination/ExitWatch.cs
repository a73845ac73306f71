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
    private readonly Lock waiting = new();
    private readonly TaskCompletionSource<ProcessExit> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A thread is in waitid, or about to be: it reaps, and nobody else does.
    private bool isWaitedFor;

    /// <summary>Begins to wait.</summary>
    /// <param name="process">The child; stays the caller's, and open until <see cref="Ended"/> has completed.</param>
    /// <param name="reaped">What is done once its number may become another's; it does not wait.</param>
    /// <exception cref="KernelException">It cannot be waited for: too many descriptors are watched.</exception>
    public ExitWatch(PidFd process, Action? reaped = null)
    {
        this.process = process;
        this.reaped = reaped;

        // It may end, and the reactor tell, before this is done.
        lock (reaping)
        {
            watched = Reactor.Shared.Watch(process, EpollEvents.EPOLLIN, () => TryReap());
        }
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

            if (!isWaitedFor)
            {
                return Take(PidFds.Wait(process, WaitOptions.WEXITED | WaitOptions.WNOHANG));
            }
        }

        SysResult<WaitOutcome?> seen = PidFds.Wait(
            process,
            WaitOptions.WEXITED | WaitOptions.WNOHANG | WaitOptions.WNOWAIT
        );
        if (seen is { Ok: true, Value: null })
        {
            return false;
        }

        // The thread that waits has it, or will have it at once.
        lock (waiting)
        {
            return ended.Task.IsCompleted;
        }
    }

    /// <summary>Waits with the calling thread, which then is the only one that is woken.</summary>
    public ProcessExit Wait()
    {
        lock (waiting)
        {
            lock (reaping)
            {
                isWaitedFor = !ended.Task.IsCompleted;
                if (isWaitedFor)
                {
                    watched.Dispose();
                }
            }

            if (isWaitedFor)
            {
                SysResult<WaitOutcome?> wait = PidFds.Wait(process);
                lock (reaping)
                {
                    Take(wait);
                }
            }
        }

        return ended.Task.GetAwaiter().GetResult();
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

    private bool Take(SysResult<WaitOutcome?> wait)
    {
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
