using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>mq_open(2): the name without the slash that mq_open(3) wants.</summary>
    internal static unsafe nint mq_open(
        BytePath name,
        OpenFlags flags,
        FileModes mode,
        MessageQueueAttributes? attributes
    )
    {
        MessageQueueAttributes given = attributes ?? default;

        // SAFETY: the name is pinned and ends with a zero, the attributes lie on the stack; both are only read.
        fixed (byte* bytes = name.Terminated)
        {
            return Call(
                Syscall.mq_open,
                (nint)bytes,
                (nint)OpenFlagsTable.For(flags, Architecture),
                (nint)(uint)mode,
                attributes is null ? 0 : (nint)(&given)
            );
        }
    }

    /// <summary>mq_unlink(2).</summary>
    internal static unsafe nint mq_unlink(BytePath name)
    {
        // SAFETY: pinned, ends with a zero, only read.
        fixed (byte* bytes = name.Terminated)
        {
            return Call(Syscall.mq_unlink, (nint)bytes);
        }
    }

    /// <summary>mq_getsetattr(2), only reading.</summary>
    internal static unsafe nint mq_getattr(int queue, out MessageQueueAttributes attributes)
    {
        // SAFETY: pinned, and of the kernel's layout and size.
        fixed (MessageQueueAttributes* address = &attributes)
        {
            return Call(Syscall.mq_getsetattr, queue, 0, (nint)address);
        }
    }

    /// <summary>mq_timedsend(2) without a time.</summary>
    internal static unsafe nint mq_send(int queue, ReadOnlySpan<byte> message, uint priority)
    {
        // SAFETY: pinned during the call, and the length is passed.
        fixed (byte* bytes = message)
        {
            return Call(Syscall.mq_timedsend, queue, (nint)bytes, message.Length, (nint)priority, 0);
        }
    }

    /// <summary>mq_timedreceive(2) without a time.</summary>
    internal static unsafe nint mq_receive(int queue, Span<byte> message, out uint priority)
    {
        uint received = 0;

        // SAFETY: pinned during the call, and the length is passed; the priority lies on the stack.
        fixed (byte* bytes = message)
        {
            nint raw = Call(Syscall.mq_timedreceive, queue, (nint)bytes, message.Length, (nint)(&received), 0);
            priority = received;
            return raw;
        }
    }

    /// <summary>mq_notify(2); null takes it back.</summary>
    internal static unsafe nint mq_notify(int queue, SignalNotice? notice)
    {
        SignalNotice given = notice ?? default;

        // SAFETY: the struct lies on the stack, has the kernel's size and is only read.
        return Call(Syscall.mq_notify, queue, notice is null ? 0 : (nint)(&given));
    }
}
