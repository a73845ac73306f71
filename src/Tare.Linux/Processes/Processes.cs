using System.Diagnostics.CodeAnalysis;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>The calling process, its children and its place among others.</summary>
public static class Processes
{
    /// <summary>The calling process's number in its PID namespace. getpid(2).</summary>
    public static int GetPid() => (int)Interop.Call(Syscall.getpid);

    /// <summary>The number of the parent; 0 where it lies outside the PID namespace. getppid(2).</summary>
    public static int GetParentPid() => (int)Interop.Call(Syscall.getppid);

    /// <summary>The calling thread's number. gettid(2).</summary>
    public static int GetThreadId() => (int)Interop.Call(Syscall.gettid);

    /// <summary>Begins a session of its own, without a terminal. EPERM: it leads a process group. setsid(2).</summary>
    public static SysResult<int> SetSid() => Interop.IntResult(Interop.Call(Syscall.setsid));

    /// <summary>The session of a process; 0 is the caller. getsid(2).</summary>
    public static SysResult<int> GetSid(int processId = 0) =>
        Interop.IntResult(Interop.Call(Syscall.getsid, processId));

    /// <summary>The process group of a process; 0 is the caller. getpgid(2).</summary>
    public static SysResult<int> GetPgid(int processId = 0) =>
        Interop.IntResult(Interop.Call(Syscall.getpgid, processId));

    /// <summary>Puts a process into a process group; zeros are the caller and a group of its own. setpgid(2).</summary>
    public static SysResult SetPgid(int processId, int group) =>
        Interop.Result(Interop.Call(Syscall.setpgid, processId, group));

    /// <summary>
    /// Sends a signal by number: 0 is the own process group, -1 everybody, other negative numbers a process group. A single
    /// process is better signalled through its <see cref="PidFd"/>. kill(2).
    /// </summary>
    public static SysResult Kill(int processId, Signal signal) =>
        Interop.Result(Interop.Call(Syscall.kill, processId, (nint)(int)signal));

    /// <summary>Waits for any child. waitid(2), P_ALL. Null: nothing to report yet, with WNOHANG. ECHILD: there are none.</summary>
    public static SysResult<WaitOutcome?> WaitAny(WaitOptions options = WaitOptions.WEXITED) =>
        WaitId(WaitIdType.P_ALL, 0, options);

    /// <summary>Waits for a child by number. Prefer <see cref="PidFds.Wait"/>. waitid(2), P_PID.</summary>
    public static SysResult<WaitOutcome?> Wait(int processId, WaitOptions options = WaitOptions.WEXITED) =>
        WaitId(WaitIdType.P_PID, processId, options);

    /// <summary>
    /// Whether orphans below become children of this process (which then has to reap them). prctl(2),
    /// PR_SET_CHILD_SUBREAPER.
    /// </summary>
    public static SysResult SetSubreaper(bool on) =>
        Interop.Result(Interop.prctl(PrctlOption.PR_SET_CHILD_SUBREAPER, on ? 1 : 0));

    /// <summary>Whether orphans below become children of this process.</summary>
    public static SysResult<bool> IsSubreaper()
    {
        nint raw = Interop.prctl(PrctlOption.PR_GET_CHILD_SUBREAPER, out int value);
        return new(value != 0, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Ends the process at once: no finalizers, no handlers, no waiting for threads; whatever was buffered must have been
    /// written. exit_group(2).
    /// </summary>
    [DoesNotReturn]
    public static void Exit(int code)
    {
        Interop.Call(Syscall.exit_group, code);
        throw new InvalidOperationException("exit_group returned");
    }

    internal static SysResult<WaitOutcome?> WaitId(WaitIdType type, int id, WaitOptions options)
    {
        while (true)
        {
            nint raw = Interop.waitid(type, id, out SigInfo info, options, out RUsage usage);
            if (Interop.Interrupted(raw))
            {
                continue;
            }

            return raw < 0 || info.ProcessId == 0
                ? new(null, Interop.ErrnoOf(raw))
                : new(WaitOutcome.From(info, usage), Errno.None);
        }
    }
}
