using System.Collections.Concurrent;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Waiting;

/// <summary>
/// Waits for all descriptors of this library with one thread and one epoll set: pidfds, pipes, terminals, sockets, pressure
/// triggers. What is waited for continues on the thread pool. Thread-safe. epoll(7), edge-triggered.
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
        ulong token = Interlocked.Increment(ref lastToken);
        WatchedDescriptor entry = new(this, file, token, ready);
        watched[token] = entry;
        SysResult added = Epoll.Add(set, file, events | EpollEvents.EPOLLET, token);
        if (!added.Ok)
        {
            watched.TryRemove(token, out _);
            added.OrThrow("wait for a descriptor");
        }

        return entry;
    }

    /// <summary>Stops watching.</summary>
    public void Forget(FileDescriptor file, ulong token)
    {
        if (watched.TryRemove(token, out _) && !file.IsClosed)
        {
            Epoll.Remove(set, file);
        }
    }

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
