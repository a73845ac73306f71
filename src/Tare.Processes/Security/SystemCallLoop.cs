using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>
/// Hands the calls of a filter's listener to its handler, until nobody is under the filter any more. Without a thread of its
/// own: the reactor says when there is a call. Owns the listener.
/// </summary>
internal sealed class SystemCallLoop
{
    private readonly SeccompListenerFd listener;
    private readonly SeccompFilter filter;
    private readonly WatchedDescriptor watched;
    private readonly CancellationTokenSource over = new();

    private SystemCallLoop(SeccompListenerFd listener, SeccompFilter filter)
    {
        this.listener = listener;
        this.filter = filter;
        watched = Reactor.Shared.Watch(listener, EpollEvents.EPOLLIN);
    }

    /// <summary>Begins. The listener is the loop's, also where this fails.</summary>
    /// <exception cref="KernelException">Too many descriptors are watched.</exception>
    public static void Begin(SeccompListenerFd listener, SeccompFilter filter)
    {
        try
        {
            SystemCallLoop loop = new(listener, filter);
            _ = Task.Run(loop.RunAsync);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (Receive())
            {
                await watched.ReadableAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            watched.Dispose();
            listener.Dispose();
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    // Takes all calls that wait; false when none can come any more. Receiving sleeps where no call waits, so it is looked
    // first; a call that is interrupted in between only delays the next one's being seen until it comes.
    private bool Receive()
    {
        while (true)
        {
            PollEvents now = Poll.Wait(listener, PollEvents.POLLIN, TimeSpan.Zero).OrThrow("wait for system calls");
            if ((now & PollEvents.POLLIN) == 0)
            {
                return (now & (PollEvents.POLLHUP | PollEvents.POLLERR)) == 0;
            }

            SysResult<SeccompNotification> received = SeccompNotifications.Receive(listener);
            if (received.Ok)
            {
                SystemCall call = new(listener, received.Value);
                ThreadPool.UnsafeQueueUserWorkItem(
                    static work => _ = work.Loop.AnswerAsync(work.Call),
                    (Loop: this, Call: call),
                    preferLocal: false
                );
            }
            else if (received.Errno != Errno.ENOENT)
            {
                received.OrThrow("receive a system call");
            }
        }
    }

    private async Task AnswerAsync(SystemCall call)
    {
        SystemCallReply reply;
        try
        {
            reply = await filter.Handler!(call, over.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            reply = SystemCallReply.Fail(Errno.EPERM);
            filter.HandlerFailed?.Invoke(call, failure);
        }

        try
        {
            // ENOENT is no failure: who waited was killed or interrupted.
            call.Answer(reply);
        }
        catch (ObjectDisposedException)
        {
            // Nobody is under the filter any more.
        }
        finally
        {
            reply.File?.Dispose();
        }
    }
}
