using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <content>The process and all that descends from it.</content>
public sealed partial class ChildProcess
{
    /// <summary>
    /// Kills the process and all that descends from it, and returns when they are gone. Nothing gets away that was started
    /// alone in a <see cref="ControlGroup"/> of its own, or with <see cref="ProcessStartOptions.KeepDescendants"/> while the
    /// process itself is there; else what has lost its parent before does.
    /// </summary>
    /// <returns>False where some are still there after ten seconds: they wait for a device or a file system.</returns>
    /// <exception cref="KernelException">EPERM: one has become another user's.</exception>
    /// <remarks>
    /// Without a cgroup each is stopped before its children are looked for, so that none can be made unseen. A child that the
    /// process itself makes with CLONE_PARENT is none of its, but this process's.
    /// </remarks>
    public bool KillTree()
    {
        if (group is { IsOfOneTree: true })
        {
            return group.Kill();
        }

        try
        {
            using ProcessTree tree = new(launched.Process);
            return tree.Kill();
        }
        catch (ObjectDisposedException) when (watch.Ended.IsCompleted)
        {
            return true;
        }
    }

    /// <summary>
    /// Asks the process and all that descends from it to end, and kills those that have not after a time; completes when all
    /// are gone. See <see cref="KillTree"/>.
    /// </summary>
    /// <param name="grace">The time; <see cref="Timeout.InfiniteTimeSpan"/> never kills.</param>
    /// <param name="signal">How they are asked.</param>
    /// <param name="cancellationToken">Cancelling kills at once.</param>
    /// <returns>How the process ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or longer than timers can be, or there is no such signal.</exception>
    /// <exception cref="KernelException">EPERM: one has become another user's. ETIMEDOUT: one cannot be killed.</exception>
    /// <remarks>
    /// Without a cgroup what is made after the signal, and whose parents have all ended when the time is up, gets away.
    /// </remarks>
    public async Task<ProcessExit> StopTreeAsync(
        TimeSpan grace,
        Signal signal = Linux.Abi.Signal.SIGTERM,
        CancellationToken cancellationToken = default
    )
    {
        CheckGrace(grace);
        SignalChecks.Check(signal);
        if (watch.Ended.IsCompleted && launched.Process.IsClosed)
        {
            return await watch.Ended.ConfigureAwait(false);
        }

        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(grace);
        bool gone = group is { IsOfOneTree: true } own
            ? await StopGroupAsync(own, signal, over.Token).ConfigureAwait(false)
            : await StopMembersAsync(signal, over.Token).ConfigureAwait(false);
        return gone
            ? await watch.Ended.ConfigureAwait(false)
            : throw new KernelException(
                Errno.ETIMEDOUT,
                "kill the tree of process",
                ProcessId.ToString(),
                "some process waits for a device or a file system"
            );
    }

    private static async Task<bool> StopGroupAsync(ControlGroup whole, Signal signal, CancellationToken over)
    {
        whole.Signal(signal);
        try
        {
            await whole.WaitUntilEmptyAsync(over).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return whole.Kill();
        }
    }

    private async Task<bool> StopMembersAsync(Signal signal, CancellationToken over)
    {
        using ProcessTree tree = new(launched.Process);
        tree.Look();
        PidFds.SendSignal(launched.Process, signal);
        foreach (PidFd member in tree.Members.Values)
        {
            PidFds.SendSignal(member, signal);
        }

        try
        {
            await watch.Ended.WaitAsync(over).ConfigureAwait(false);
            foreach (PidFd member in tree.Members.Values)
            {
                using WatchedDescriptor watched = Reactor.Shared.Watch(member, EpollEvents.EPOLLIN);
                while (Poll.Wait(member, timeout: TimeSpan.Zero).Value == PollEvents.None)
                {
                    await watched.ReadableAsync(over).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Killed below, as is what they made meanwhile.
        }

        using ProcessTree rest = new(launched.Process, tree.TakeMembers());
        return rest.Kill();
    }
}
