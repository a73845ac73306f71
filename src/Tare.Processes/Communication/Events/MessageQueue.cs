using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>The size of a new message queue; the kernel's limits are in /proc/sys/fs/mqueue.</summary>
/// <param name="Capacity">How many messages it holds.</param>
/// <param name="MaximumLength">How long one is at most, in bytes.</param>
/// <param name="Mode">Who may open it; the umask applies.</param>
public sealed record MessageQueueOptions(
    int Capacity = 10,
    int MaximumLength = 8192,
    FileModes Mode = FileModes.S_IRUSR | FileModes.S_IWUSR
);

/// <summary>
/// A queue of messages with a name and priorities, between processes that need not be related; it stays until it is removed.
/// Asynchronous calls take no thread while they wait. One who sends and one who receives at a time. mq_overview(7).
/// </summary>
public sealed class MessageQueue : IDisposable
{
    private readonly MessageQueueFd file;
    private readonly WatchedDescriptor watched;
    private readonly MessageQueueAttributes size;

    private MessageQueue(MessageQueueFd file)
    {
        this.file = file;
        size = MessageQueues.GetAttributes(file).OrThrow("ask for a message queue's size");
        watched = Reactor.Shared.Watch(file, EpollEvents.EPOLLIN | EpollEvents.EPOLLOUT);
    }

    /// <summary>How many messages it holds.</summary>
    public int Capacity => (int)size.MaximumMessages;

    /// <summary>How long a message is at most, in bytes.</summary>
    public int MaximumLength => (int)size.MessageSize;

    /// <summary>How many messages wait in it now.</summary>
    public int Count =>
        (int)MessageQueues.GetAttributes(file).OrThrow("ask for a message queue's content").CurrentMessages;

    /// <summary>Opens a queue, or makes it.</summary>
    /// <param name="name">Its name: a slash and what follows, as mq_overview(7) has it.</param>
    /// <param name="create">The size of one that is made where there is none; null makes none.</param>
    /// <param name="access">What it is for.</param>
    /// <exception cref="KernelException">ENOENT: there is none. EACCES. EINVAL, EMFILE: it would be larger than is allowed.</exception>
    public static MessageQueue Open(
        string name,
        MessageQueueOptions? create = null,
        FileAccess access = FileAccess.ReadWrite
    )
    {
        string own = Checked(name);
        OpenFlags flags = access switch
        {
            FileAccess.Read => OpenFlags.O_RDONLY,
            FileAccess.Write => OpenFlags.O_WRONLY,
            FileAccess.ReadWrite => OpenFlags.O_RDWR,
            _ => throw new ArgumentOutOfRangeException(nameof(access)),
        };
        MessageQueueAttributes? attributes = null;
        if (create is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(create.Capacity, nameof(create));
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(create.MaximumLength, nameof(create));
            flags |= OpenFlags.O_CREAT;
            attributes = new() { MaximumMessages = create.Capacity, MessageSize = create.MaximumLength };
        }

        MessageQueueFd opened = MessageQueues
            .Open(own, flags | OpenFlags.O_NONBLOCK, create?.Mode ?? FileModes.None, attributes)
            .OrThrow("open message queue", name);
        try
        {
            return new(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Takes a queue's name away; who has it open goes on. mq_unlink(3).</summary>
    /// <returns>False where there was none.</returns>
    public static bool Remove(string name)
    {
        SysResult removed = MessageQueues.Unlink(Checked(name));
        if (removed.Errno == Errno.ENOENT)
        {
            return false;
        }

        removed.OrThrow("remove message queue", name);
        return true;
    }

    /// <summary>Sends a message, once there is room.</summary>
    /// <param name="message">At most <see cref="MaximumLength"/> bytes.</param>
    /// <param name="priority">0 to 32,767; the highest is received first.</param>
    /// <param name="cancellationToken">Ends the wait; nothing was sent then.</param>
    public async ValueTask SendAsync(
        ReadOnlyMemory<byte> message,
        int priority = 0,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, MaximumLength, nameof(message));
        ArgumentOutOfRangeException.ThrowIfNegative(priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, short.MaxValue);
        while (true)
        {
            ObjectDisposedException.ThrowIf(file.IsClosed, this);
            cancellationToken.ThrowIfCancellationRequested();
            SysResult sent = MessageQueues.Send(file, message.Span, (uint)priority);
            if (sent.Errno != Errno.EAGAIN)
            {
                sent.OrThrow("send to a message queue");
                return;
            }

            await watched.WritableAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for a message, and takes the oldest of the highest priority.</summary>
    public async ValueTask<(byte[] Message, int Priority)> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        byte[] buffer = new byte[MaximumLength];
        while (true)
        {
            ObjectDisposedException.ThrowIf(file.IsClosed, this);
            cancellationToken.ThrowIfCancellationRequested();
            SysResult<(int Length, uint Priority)> received = MessageQueues.Receive(file, buffer);
            if (received.Errno != Errno.EAGAIN)
            {
                (int length, uint priority) = received.OrThrow("receive from a message queue");
                return (buffer[..length], (int)priority);
            }

            await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes it; it stays for others.</summary>
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

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string own = name[1..];
        return name[0] != '/' || own.Length is 0 or > 255 || own.AsSpan().ContainsAny('/', '\0')
            ? throw new ArgumentException(
                $"'{name}' is no name of a message queue: it is a slash and one part",
                nameof(name)
            )
            : own;
    }
}
