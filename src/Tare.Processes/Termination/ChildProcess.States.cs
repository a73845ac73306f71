using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Tare.Processes;

/// <content>Being stopped and going on.</content>
public sealed partial class ChildProcess
{
    /// <summary>
    /// Tells whenever the process is stopped or goes on, until it has ended. Several changes may come as the last of them. One
    /// reader at a time; it is watched when this returns. The kernel tells by SIGCHLD alone, which is listened to as
    /// <see cref="PosixSignalRegistration"/> does, beside other handlers.
    /// </summary>
    public IAsyncEnumerable<ChildStateChange> WatchStatesAsync(CancellationToken cancellationToken = default)
    {
        Channel<bool> woken = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );
        PosixSignalRegistration listening = PosixSignalRegistration.Create(
            PosixSignal.SIGCHLD,
            _ => woken.Writer.TryWrite(true)
        );
        _ = watch.Ended.ContinueWith(
            _ => woken.Writer.TryComplete(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        woken.Writer.TryWrite(true);
        return WatchStatesAsync(woken.Reader, listening, cancellationToken);
    }

    private async IAsyncEnumerable<ChildStateChange> WatchStatesAsync(
        ChannelReader<bool> woken,
        PosixSignalRegistration registered,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using PosixSignalRegistration listening = registered;
        await foreach (bool _ in woken.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            while (watch.TakeStateChange() is { } change)
            {
                yield return change;
            }
        }
    }
}
