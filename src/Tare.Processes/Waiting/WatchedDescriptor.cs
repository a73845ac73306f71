using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Waiting;

/// <summary>A descriptor that the reactor watches. One who waits to read and one who waits to write at a time.</summary>
internal sealed class WatchedDescriptor : IDisposable
{
    private const EpollEvents ForReaders =
        EpollEvents.EPOLLIN
        | EpollEvents.EPOLLPRI
        | EpollEvents.EPOLLRDHUP
        | EpollEvents.EPOLLHUP
        | EpollEvents.EPOLLERR;

    private const EpollEvents ForWriters = EpollEvents.EPOLLOUT | EpollEvents.EPOLLHUP | EpollEvents.EPOLLERR;

    private readonly Reactor reactor;
    private readonly FileDescriptor file;
    private readonly ulong token;
    private readonly Action? ready;
    private readonly Readiness? toRead;
    private readonly Readiness? toWrite;

    internal WatchedDescriptor(Reactor reactor, FileDescriptor file, ulong token, Action? ready)
    {
        this.ready = ready;
        if (ready is null)
        {
            toRead = new Readiness();
            toWrite = new Readiness();
        }

        this.reactor = reactor;
        this.file = file;
        this.token = token;
    }

    /// <summary>Completes when there may be something to read, or the end; try to read before waiting.</summary>
    public ValueTask ReadableAsync(CancellationToken cancellation) => toRead!.WaitAsync(cancellation);

    /// <summary>Completes when there may be room to write, or nobody reads any more; try to write before waiting.</summary>
    public ValueTask WritableAsync(CancellationToken cancellation) => toWrite!.WaitAsync(cancellation);

    /// <summary>Stops watching; who waits is woken, and finds out.</summary>
    public void Dispose()
    {
        reactor.Forget(file, token);
        toRead?.Set();
        toWrite?.Set();
    }

    internal void Signal(EpollEvents events)
    {
        ready?.Invoke();
        if ((events & ForReaders) != 0)
        {
            toRead?.Set();
        }

        if ((events & ForWriters) != 0)
        {
            toWrite?.Set();
        }
    }
}
