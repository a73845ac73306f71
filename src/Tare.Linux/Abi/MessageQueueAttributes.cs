using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What a POSIX message queue holds: struct mq_attr. linux/mqueue.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct MessageQueueAttributes
{
    /// <summary>O_NONBLOCK or nothing.</summary>
    public long Flags;

    /// <summary>How many messages it holds at most.</summary>
    public long MaximumMessages;

    /// <summary>How long one is at most, in bytes.</summary>
    public long MessageSize;

    /// <summary>How many are in it.</summary>
    public long CurrentMessages;
}
