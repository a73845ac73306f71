using System.Threading.Channels;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>One reader's share of the signals that the process's only relay brings.</summary>
internal sealed class SignalSubscription : IDisposable
{
    private const int Kept = 1 << 14;

    private static readonly Lazy<SignalRelay> Relay = new(Begin);
    private static readonly Lock Gate = new();
    private static SignalSubscription[] all = [];

    private readonly SignalSet signals;
    private readonly Channel<SignalDetails> waiting = Channel.CreateBounded<SignalDetails>(
        new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private bool over;

    private SignalSubscription(SignalSet signals) => this.signals = signals;

    /// <summary>Begins to take signals, all of them or none.</summary>
    public static SignalSubscription Begin(SignalSet signals)
    {
        SignalRelay relay = Relay.Value;
        SignalSubscription made = new(signals);
        lock (Gate)
        {
            all = [.. all, made];
        }

        SignalSet caught = default;
        foreach (Signal signal in In(signals))
        {
            SysResult result = relay.Catch(signal);
            if (!result.Ok)
            {
                made.Leave(caught);
                result.OrThrow($"catch {SignalNames.NameOf(signal)}");
            }

            caught = caught.With(signal);
        }

        return made;
    }

    /// <summary>The next signal; null once this is disposed.</summary>
    public async ValueTask<SignalDetails?> ReadAsync(CancellationToken cancellation)
    {
        while (await waiting.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            if (waiting.Reader.TryRead(out SignalDetails signal))
            {
                return signal;
            }
        }

        return null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (Gate)
        {
            if (over)
            {
                return;
            }

            over = true;
        }

        Leave(signals);
    }

    private static IEnumerable<Signal> In(SignalSet signals) =>
        Enumerable.Range(1, (int)Signal.SIGRTMAX).Select(number => (Signal)number).Where(signals.Contains);

    private static SignalRelay Begin()
    {
        SignalRelay relay = SignalRelay.Create().OrThrow("make a pipe for signals");
        WatchedDescriptor watched = Reactor.Shared.Watch(relay.Descriptor, EpollEvents.EPOLLIN);
        _ = DistributeAsync(relay, watched);
        return relay;
    }

    private static async Task DistributeAsync(SignalRelay relay, WatchedDescriptor watched)
    {
        while (true)
        {
            SysResult<SignalDetails> read = relay.Read();
            if (!read.Ok)
            {
                await watched.ReadableAsync(CancellationToken.None).ConfigureAwait(false);
                continue;
            }

            foreach (SignalSubscription one in Volatile.Read(ref all))
            {
                if (one.signals.Contains(read.Value.Signal))
                {
                    one.waiting.Writer.TryWrite(read.Value);
                }
            }
        }
    }

    private void Leave(SignalSet caught)
    {
        foreach (Signal signal in In(caught))
        {
            Relay.Value.Release(signal);
        }

        lock (Gate)
        {
            all = [.. all.Where(other => other != this)];
        }

        waiting.Writer.TryComplete();
    }
}
