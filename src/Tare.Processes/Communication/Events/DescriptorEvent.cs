using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>
/// A counter to wait for that can be handed to other processes: they wake whoever waits, or wait, by its descriptor. One who
/// waits at a time. eventfd(2).
/// </summary>
public sealed class DescriptorEvent : IDisposable
{
    private readonly FileDescriptor file;
    private readonly WatchedDescriptor watched;

    /// <summary>A new counter.</summary>
    /// <param name="initial">What it begins with.</param>
    /// <param name="isSemaphore">Taking takes one, not all. EFD_SEMAPHORE.</param>
    public DescriptorEvent(uint initial = 0, bool isSemaphore = false)
        : this(
            EventFds
                .Create(initial, isSemaphore ? EventFdFlags.EFD_SEMAPHORE : EventFdFlags.None)
                .OrThrow("make an eventfd")
        ) { }

    /// <summary>A counter that somebody else made.</summary>
    /// <param name="descriptor">Its descriptor; owned from now on, and non-blocking for all who have it.</param>
    public DescriptorEvent(FileDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        file = descriptor;
        DescriptorTable.SetNonBlocking(descriptor, true).OrThrow("make an eventfd non-blocking");
        watched = Reactor.Shared.Watch(descriptor, EpollEvents.EPOLLIN);
    }

    /// <summary>The descriptor to hand to others; stays this object's.</summary>
    public FileDescriptor Descriptor => file;

    /// <summary>Adds to the counter, and so wakes who waits.</summary>
    /// <exception cref="KernelException">EAGAIN: it is full, at 2^64 - 2.</exception>
    public void Add(ulong value = 1)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(value, ulong.MaxValue);
        EventFds.Add(file, value).OrThrow("add to an eventfd");
    }

    /// <summary>Takes the counter, if it is above zero: all of it, or one of a semaphore.</summary>
    /// <returns>What was taken, or 0.</returns>
    public ulong TryTake()
    {
        SysResult<ulong> taken = EventFds.Take(file);
        return taken.Errno == Errno.EAGAIN ? 0 : taken.OrThrow("take from an eventfd");
    }

    /// <summary>Waits until the counter is above zero, and takes it: all of it, or one of a semaphore.</summary>
    public async ValueTask<ulong> TakeAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(file.IsClosed, this);
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake() is > 0 and ulong taken)
            {
                return taken;
            }

            await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!file.IsClosed)
        {
            watched.Dispose();
            file.Dispose();

            // Who waited finds it closed.
            watched.Signal(EpollEvents.EPOLLHUP);
        }
    }
}
