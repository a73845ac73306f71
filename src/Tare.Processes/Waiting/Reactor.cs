using System.Collections.Concurrent;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Waiting;

/// <summary>
/// Waits for all descriptors of this library with one thread and one epoll set: pidfds, pipes, terminals, sockets, pressure
/// triggers. What is waited for continues on the thread pool, but for what is known to be short. Thread-safe. epoll(7),
/// edge-triggered.
/// </summary>
internal sealed class Reactor
{
    private static readonly Lazy<Reactor> Only = new(() => new Reactor());

    private readonly EpollFd set;
    private readonly ConcurrentDictionary<ulong, WatchedDescriptor> watched = new();
    private ulong lastToken;

    private Reactor()
    {
        set = Epoll.Create().OrThrow("make an epoll set");
        Thread thread = new(Run) { IsBackground = true, Name = "tare waits" };
        thread.UnsafeStart();
    }

    /// <summary>The one of this program.</summary>
    public static Reactor Shared => Only.Value;

    /// <summary>Watches a descriptor until what is returned is disposed, which must be before the descriptor is closed.</summary>
    /// <param name="file">The descriptor; stays the caller's.</param>
    /// <param name="events">What to look for.</param>
    /// <param name="ready">
    /// Called by the reactor's own thread whenever something happens, which must not wait; null where somebody waits for it.
    /// </param>
    /// <exception cref="KernelException">EPERM: a regular file or directory, which is always ready. ENOSPC: too many are watched.</exception>
    public WatchedDescriptor Watch(FileDescriptor file, EpollEvents events, Action? ready = null)
    {
        WatchedDescriptor entry = new(this, file, NewToken(), ready, onDemand: false);
        Hold(entry);
        SysResult added = Epoll.Add(set, file, events | EpollEvents.EPOLLET, entry.Token);
        if (!added.Ok)
        {
            LetGo(entry.Token);
            added.OrThrow("wait for a descriptor");
        }

        return entry;
    }

    /// <summary>
    /// The same, of a descriptor that is looked at only while somebody waits for it: what happens while it is read or written
    /// wakes nobody, and one that nobody has disposed, or waits for, is finalised and closed.
    /// </summary>
    public WatchedDescriptor WatchOnDemand(FileDescriptor file) => new(this, file, NewToken(), null, onDemand: true);

    /// <summary>Keeps a watched descriptor, so that it is found by its token and is not finalised.</summary>
    public void Hold(WatchedDescriptor entry) => watched[entry.Token] = entry;

    /// <summary>Keeps it no longer.</summary>
    public void LetGo(ulong token) => watched.TryRemove(token, out _);

    /// <summary>Looks for events of a descriptor that is watched on demand, until one of them has happened.</summary>
    /// <param name="file">The descriptor.</param>
    /// <param name="events">The events.</param>
    /// <param name="token">Its token.</param>
    /// <param name="again">It has been looked at before.</param>
    public SysResult Ask(FileDescriptor file, EpollEvents events, ulong token, bool again)
    {
        EpollEvents once = events | EpollEvents.EPOLLONESHOT;
        return again ? Epoll.Modify(set, file, once, token) : Epoll.Add(set, file, once, token);
    }

    /// <summary>Stops watching.</summary>
    /// <param name="file">The descriptor.</param>
    /// <param name="token">Its token.</param>
    /// <param name="isInSet">The kernel knows of it.</param>
    public void Forget(FileDescriptor file, ulong token, bool isInSet)
    {
        LetGo(token);
        if (isInSet && !file.IsClosed)
        {
            Epoll.Remove(set, file);
        }
    }

    private ulong NewToken() => Interlocked.Increment(ref lastToken);

    private void Run()
    {
        Span<EpollReady> ready = stackalloc EpollReady[64];
        while (true)
        {
            int count = Epoll.Wait(set, ready).OrThrow("wait for descriptors");
            foreach (EpollReady one in ready[..count])
            {
                if (watched.TryGetValue(one.Token, out WatchedDescriptor? entry))
                {
                    entry.Signal(one.Events);
                }
            }
        }
    }
}
