namespace Tare.Linux.Abi;

/// <summary>Whom pidfd_send_signal(2) signals, by a process's or thread's descriptor. linux/pidfd.h, Linux 6.9.</summary>
public enum SignalScope : uint
{
    /// <summary>What the descriptor is of: a process, or one thread where it was opened as that (PIDFD_THREAD).</summary>
    Descriptor = 0,

    /// <summary>The thread with the descriptor's number. PIDFD_SIGNAL_THREAD.</summary>
    Thread = 1,

    /// <summary>The process that the thread belongs to. PIDFD_SIGNAL_THREAD_GROUP.</summary>
    Process = 2,

    /// <summary>All processes of the process group that the process leads. PIDFD_SIGNAL_PROCESS_GROUP.</summary>
    ProcessGroup = 4,
}
