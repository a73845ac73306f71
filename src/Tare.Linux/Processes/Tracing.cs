using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Threads of other processes, held and let go on. The kernel binds them to the thread that seized them: one thread of this
/// process makes all calls, with <see cref="Processes.Wait"/> (<c>__WALL</c>) between them, and nobody else reaps. ESRCH: the
/// thread has ended, has not stopped, or is another's. ptrace(2).
/// </summary>
public static class Tracing
{
    private const int SystemCallMark = 0x80;

    /// <summary>Traces a thread, without stopping it. EPERM: no right, or it is traced already. PTRACE_SEIZE, Linux 3.4.</summary>
    public static SysResult Seize(int threadId, TraceOptions options = TraceOptions.PTRACE_O_TRACESYSGOOD) =>
        Interop.Result(Interop.ptrace(TraceRequest.PTRACE_SEIZE, threadId, 0, (nint)(uint)options));

    /// <summary>Stops it: a stop of PTRACE_EVENT_STOP follows. PTRACE_INTERRUPT.</summary>
    public static SysResult Interrupt(int threadId) =>
        Interop.Result(Interop.ptrace(TraceRequest.PTRACE_INTERRUPT, threadId));

    /// <summary>Lets it run on, with the signal that stopped it, another or none. PTRACE_CONT.</summary>
    public static SysResult Continue(int threadId, Signal signal = Signal.None) =>
        Interop.Result(Interop.ptrace(TraceRequest.PTRACE_CONT, threadId, 0, (nint)(int)signal));

    /// <summary>Lets it run on to the begin or end of a system call. PTRACE_SYSCALL.</summary>
    public static SysResult ContinueToSystemCall(int threadId, Signal signal = Signal.None) =>
        Interop.Result(Interop.ptrace(TraceRequest.PTRACE_SYSCALL, threadId, 0, (nint)(int)signal));

    /// <summary>Leaves it stopped where a signal stopped its process, and waits for SIGCONT. PTRACE_LISTEN.</summary>
    public static SysResult Listen(int threadId) =>
        Interop.Result(Interop.ptrace(TraceRequest.PTRACE_LISTEN, threadId));

    /// <summary>Lets a stopped thread go for good. PTRACE_DETACH.</summary>
    public static SysResult Detach(int threadId, Signal signal = Signal.None) =>
        Interop.Result(Interop.ptrace(TraceRequest.PTRACE_DETACH, threadId, 0, (nint)(int)signal));

    /// <summary>The system call that a stopped thread is in. EIO: before Linux 5.3. PTRACE_GET_SYSCALL_INFO.</summary>
    public static SysResult<TracedCall> GetSystemCall(int threadId)
    {
        TracedCall call = default;
        nint raw = Interop.ptrace(TraceRequest.PTRACE_GET_SYSCALL_INFO, threadId, ref call);
        return new(call, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Changes number and arguments before a call, or the result behind it; the stop and all addresses must stay. EIO: before
    /// Linux 6.16. PTRACE_SET_SYSCALL_INFO.
    /// </summary>
    public static SysResult SetSystemCall(int threadId, TracedCall call) =>
        Interop.Result(Interop.ptrace(TraceRequest.PTRACE_SET_SYSCALL_INFO, threadId, ref call));

    /// <summary>What goes with an event: the new thread's number, the exit status. PTRACE_GETEVENTMSG.</summary>
    public static SysResult<ulong> GetEventMessage(int threadId)
    {
        nint raw = Interop.ptrace(threadId, out ulong message);
        return new(message, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Why a traced thread stopped: an event, a system call (with PTRACE_O_TRACESYSGOOD), or a signal that it is about to get.
    /// </summary>
    public static (TraceEvent Event, bool IsSystemCall, Signal Signal) StopOf(WaitOutcome outcome)
    {
        int status = (int)outcome.StopSignal;
        bool isCall = (status & SystemCallMark) != 0;
        return ((TraceEvent)(status >> 8), isCall, isCall ? Signal.None : (Signal)(status & 0x7f));
    }
}
