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
    private readonly Action? ready;
    private readonly bool onDemand;
    private readonly Lock asking = new();
    private readonly Readiness? toRead;
    private readonly Readiness? toWrite;
    private bool isInSet;
    private bool isHeld;
    private bool over;

    internal WatchedDescriptor(Reactor reactor, FileDescriptor file, ulong token, Action? ready, bool onDemand)
    {
        this.onDemand = onDemand;
        this.ready = ready;
        if (ready is null)
        {
            toRead = new Readiness();
            toWrite = new Readiness();
        }

        this.reactor = reactor;
        this.file = file;
        Token = token;
        isInSet = !onDemand;
    }

    /// <summary>What the kernel says of it has this with it.</summary>
    public ulong Token { get; }

    /// <summary>Completes when there may be something to read, or the end; try to read before waiting.</summary>
    public ValueTask ReadableAsync(CancellationToken cancellation)
    {
        ValueTask readable = toRead!.WaitAsync(cancellation);
        Ask().OrThrow("wait for a descriptor");
        return readable;
    }

    /// <summary>Completes when there may be room to write, or nobody reads any more; try to write before waiting.</summary>
    public ValueTask WritableAsync(CancellationToken cancellation)
    {
        ValueTask writable = toWrite!.WaitAsync(cancellation);
        Ask().OrThrow("wait for a descriptor");
        return writable;
    }

    /// <summary>Stops watching; who waits is woken, and finds out.</summary>
    public void Dispose()
    {
        bool wasOver;
        lock (asking)
        {
            (wasOver, over) = (over, true);
        }

        if (!wasOver)
        {
            reactor.Forget(file, Token, isInSet);
        }

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

        // The other may wait still.
        Ask();
    }

    // By whoever has begun to wait, for all who do: the last one to ask knows of all. The first asks for a place in the set,
    // which may be full: then nobody waits any more.
    private SysResult Ask()
    {
        if (!onDemand)
        {
            return default;
        }

        SysResult asked = default;
        lock (asking)
        {
            EpollEvents wanted =
                (toRead!.IsWaiting ? EpollEvents.EPOLLIN | EpollEvents.EPOLLRDHUP : 0)
                | (toWrite!.IsWaiting ? EpollEvents.EPOLLOUT : 0);
            Hold(wanted != EpollEvents.None && !over);
            if (isHeld)
            {
                asked = reactor.Ask(file, wanted, Token, isInSet);
                isInSet |= asked.Ok;
            }
        }

        if (!asked.Ok)
        {
            toRead.Set();
            toWrite.Set();
        }

        return asked;
    }

    // The kernel knows a number only: without this nothing would lead to who waits.
    private void Hold(bool holds)
    {
        if (holds && !isHeld)
        {
            reactor.Hold(this);
        }
        else if (!holds && isHeld)
        {
            reactor.LetGo(Token);
        }

        isHeld = holds;
    }
}
