using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Cookies of core scheduling: only those with the same share a core's threads at a time. PR_SCHED_CORE, Linux 5.14. ENODEV:
/// the processors have no SMT. EINVAL: the kernel has no core scheduling.
/// </summary>
public static class CoreScheduling
{
    private const int Create = 1;
    private const int ShareTo = 2;
    private const int ShareFrom = 3;

    /// <summary>A thread's cookie, 0 for none; the number says nothing else.</summary>
    public static SysResult<ulong> GetCookie(int threadId = 0)
    {
        nint raw = Interop.prctl_sched_core_get(threadId, out ulong cookie);
        return new(cookie, Interop.ErrnoOf(raw));
    }

    /// <summary>Makes a new cookie for a process. EPERM: no right to trace it.</summary>
    public static SysResult CreateCookie(int processId, CoreSchedulingScope scope = CoreSchedulingScope.Process) =>
        Interop.Result(Interop.prctl(PrctlOption.PR_SCHED_CORE, Create, processId, (nint)(int)scope));

    /// <summary>Gives the calling thread's cookie to a process.</summary>
    public static SysResult ShareCookieTo(int processId, CoreSchedulingScope scope = CoreSchedulingScope.Process) =>
        Interop.Result(Interop.prctl(PrctlOption.PR_SCHED_CORE, ShareTo, processId, (nint)(int)scope));

    /// <summary>Takes a thread's cookie for the calling thread.</summary>
    public static SysResult ShareCookieFrom(int threadId) =>
        Interop.Result(Interop.prctl(PrctlOption.PR_SCHED_CORE, ShareFrom, threadId));
}
