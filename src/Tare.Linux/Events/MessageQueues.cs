using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>POSIX message queues: named, with priorities, of the IPC namespace; they outlive processes. mq_overview(7).</summary>
public static class MessageQueues
{
    /// <summary>Opens a queue, or with O_CREAT makes it. The descriptor can be polled.</summary>
    /// <param name="name">Its name, without the slash that mq_open(3) wants in front.</param>
    /// <param name="flags">O_RDONLY, O_WRONLY or O_RDWR, with O_CREAT, O_EXCL and O_NONBLOCK.</param>
    /// <param name="mode">The permissions of a new one; the umask applies.</param>
    /// <param name="attributes">The size of a new one; EINVAL: it is more than fs.mqueue allows.</param>
    public static SysResult<MessageQueueFd> Open(
        BytePath name,
        OpenFlags flags,
        FileModes mode = FileModes.None,
        MessageQueueAttributes? attributes = null
    )
    {
        nint raw = Interop.mq_open(name, flags | OpenFlags.O_CLOEXEC, mode, attributes);
        return raw < 0 ? Interop.Failed<MessageQueueFd>(raw) : new(new MessageQueueFd((int)raw), Errno.None);
    }

    /// <summary>Takes a queue's name away; who has it open goes on. mq_unlink(3).</summary>
    public static SysResult Unlink(BytePath name) => Interop.Result(Interop.mq_unlink(name));

    /// <summary>Sizes, and how many messages wait. mq_getattr(3).</summary>
    public static SysResult<MessageQueueAttributes> GetAttributes(MessageQueueFd queue)
    {
        using Borrowed descriptor = new(queue);
        nint raw = Interop.mq_getattr(descriptor.Number, out MessageQueueAttributes attributes);
        return new(attributes, Interop.ErrnoOf(raw));
    }

    /// <summary>Sends; EAGAIN: it is full and does not block. EMSGSIZE. mq_send(3).</summary>
    public static SysResult Send(MessageQueueFd queue, ReadOnlySpan<byte> message, uint priority = 0)
    {
        using Borrowed descriptor = new(queue);
        nint raw;
        do
        {
            raw = Interop.mq_send(descriptor.Number, message, priority);
        } while (Interop.Interrupted(raw));

        return Interop.Result(raw);
    }

    /// <summary>Takes the oldest of the highest priority; EAGAIN: there is none. EMSGSIZE: the buffer is smaller than the largest.</summary>
    public static SysResult<(int Length, uint Priority)> Receive(MessageQueueFd queue, Span<byte> message)
    {
        using Borrowed descriptor = new(queue);
        nint raw;
        uint priority;
        do
        {
            raw = Interop.mq_receive(descriptor.Number, message, out priority);
        } while (Interop.Interrupted(raw));

        return new(((int)raw, priority), Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Has the kernel send this process a signal when a message comes into the empty queue and nobody waits for it: once, then it
    /// is to be asked for again. EBUSY: another process has asked. mq_notify(3), SIGEV_SIGNAL.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="signal">Which; <see cref="Signal.None"/> only keeps others from asking.</param>
    /// <param name="value">What it carries.</param>
    public static SysResult Notify(MessageQueueFd queue, Signal signal, int value = 0)
    {
        using Borrowed descriptor = new(queue);
        return Interop.Result(
            Interop.mq_notify(
                descriptor.Number,
                new()
                {
                    Signal = signal,
                    How = signal == Signal.None ? 1 : 0,
                    Value = (uint)value,
                }
            )
        );
    }

    /// <summary>Takes that back.</summary>
    public static SysResult StopNotifying(MessageQueueFd queue)
    {
        using Borrowed descriptor = new(queue);
        return Interop.Result(Interop.mq_notify(descriptor.Number, null));
    }
}
