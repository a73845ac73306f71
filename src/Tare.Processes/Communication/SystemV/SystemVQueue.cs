using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// A queue of System V's messages, each of a type by which it can be chosen. Found by its key or number within the IPC namespace;
/// who made it removes it when disposed, and who waits then fails. Waiting takes a thread: the kernel has no descriptor for it
/// (<see cref="MessageQueue"/> has one). msgget(2). Thread-safe.
/// </summary>
public sealed class SystemVQueue : IDisposable
{
    private bool over;

    private SystemVQueue(int id, bool isOwner) => (Id, IsOwner) = (id, isOwner);

    /// <summary>Its number, by which others open it.</summary>
    public int Id { get; }

    /// <summary>This object made it, and removes it.</summary>
    public bool IsOwner { get; }

    /// <summary>How many messages wait.</summary>
    /// <exception cref="KernelException">EIDRM, EINVAL: it was removed.</exception>
    public int Count => (int)Status().Messages;

    /// <summary>A new queue.</summary>
    /// <param name="key">By which others find it; null: by its number only.</param>
    /// <param name="mode">Who may read and write.</param>
    /// <exception cref="KernelException">EEXIST: the key is taken. ENOSPC: kernel.msgmni.</exception>
    public static SystemVQueue Create(int? key = null, FileModes mode = FileModes.S_IRUSR | FileModes.S_IWUSR) =>
        new(
            SystemV
                .GetQueue(SystemVKeys.OfNew(key), SystemVKeys.New, mode)
                .OrThrow("make a message queue", SystemVKeys.Name(key)),
            isOwner: true
        );

    /// <summary>A queue that another has made, by its key.</summary>
    /// <exception cref="KernelException">ENOENT: there is none. EACCES.</exception>
    public static SystemVQueue Open(int key) =>
        new(
            SystemV
                .GetQueue(SystemVKeys.Checked(key), SystemVFlags.None)
                .OrThrow("open a message queue", SystemVKeys.Name(key)),
            isOwner: false
        );

    /// <summary>A queue that another has made, by its number.</summary>
    /// <exception cref="KernelException">EINVAL: there is none. EACCES.</exception>
    public static SystemVQueue OpenId(int id)
    {
        SystemVQueue queue = new(id, isOwner: false);
        _ = queue.Status();
        return queue;
    }

    /// <summary>Sends a message.</summary>
    /// <param name="type">Its type, above zero.</param>
    /// <param name="message">At most kernel.msgmax bytes.</param>
    /// <param name="wait">Waits while the queue is full.</param>
    /// <returns>Whether it was sent.</returns>
    /// <exception cref="KernelException">EIDRM: the queue was removed. EINVAL: that too, or the message is too long.</exception>
    public bool Send(long type, ReadOnlySpan<byte> message, bool wait = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(type);
        SysResult sent = SystemV.Send(Id, type, message, wait);
        if (sent.Errno == Errno.EAGAIN)
        {
            return false;
        }

        sent.OrThrow("send to a message queue", $"number {Id}");
        return true;
    }

    /// <summary>Takes the oldest message of a type.</summary>
    /// <param name="type">Of that type; 0: any; below zero: of the lowest type up to that number.</param>
    /// <param name="wait">Waits while there is none.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="KernelException">EIDRM: the queue was removed.</exception>
    public (long Type, byte[] Message)? Receive(long type = 0, bool wait = true)
    {
        SysResult<(long, byte[])> received = SystemV.Receive(Id, type, (int)Status().MaximumBytes, wait);
        return received.Errno == Errno.ENOMSG ? null : received.OrThrow("receive from a message queue", $"number {Id}");
    }

    /// <summary>Its owner removes it, with what is in it.</summary>
    public void Dispose()
    {
        if (IsOwner && !Interlocked.Exchange(ref over, true))
        {
            SystemV.RemoveQueue(Id);
        }
    }

    private (long Messages, long MaximumBytes) Status() =>
        SystemV.GetQueueStatus(Id).OrThrow("ask about a message queue", $"number {Id}");
}
