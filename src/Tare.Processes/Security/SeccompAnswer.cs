using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>What becomes of a system call under a filter. seccomp(2).</summary>
public readonly record struct SeccompAnswer
{
    private SeccompAnswer(uint word) => Word = word;

    /// <summary>The call is made. SECCOMP_RET_ALLOW.</summary>
    public static SeccompAnswer Allow => new((uint)SeccompAction.SECCOMP_RET_ALLOW);

    /// <summary>The call is made and logged. SECCOMP_RET_LOG, Linux 4.14.</summary>
    public static SeccompAnswer Log => new((uint)SeccompAction.SECCOMP_RET_LOG);

    /// <summary><see cref="SeccompProfile.Handler"/> decides. SECCOMP_RET_USER_NOTIF, Linux 5.0.</summary>
    public static SeccompAnswer Notify => new((uint)SeccompAction.SECCOMP_RET_USER_NOTIF);

    /// <summary>The thread gets SIGSYS. SECCOMP_RET_TRAP.</summary>
    public static SeccompAnswer Trap => new((uint)SeccompAction.SECCOMP_RET_TRAP);

    /// <summary>The process ends by SIGSYS. SECCOMP_RET_KILL_PROCESS, Linux 4.14.</summary>
    public static SeccompAnswer Kill => new((uint)SeccompAction.SECCOMP_RET_KILL_PROCESS);

    /// <summary>The thread ends by SIGSYS. SECCOMP_RET_KILL_THREAD, which is what the default value is too.</summary>
    public static SeccompAnswer KillThread => new((uint)SeccompAction.SECCOMP_RET_KILL_THREAD);

    /// <summary>The kernel's word: an action and its data.</summary>
    public uint Word { get; }

    /// <summary>The call fails. SECCOMP_RET_ERRNO.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no errno, 1 to 4095.</exception>
    public static SeccompAnswer Fail(Errno errno)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)errno, 1, nameof(errno));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)errno, FilterVerdicts.MostErrno, nameof(errno));
        return new(FilterVerdicts.Fail(errno));
    }
}
