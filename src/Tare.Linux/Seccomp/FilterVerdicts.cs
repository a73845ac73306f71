using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What filters answer: an action in the high 16 bits, its data in the low. seccomp(2).</summary>
public static class FilterVerdicts
{
    /// <summary>The greatest errno that the kernel gives back; it cuts others down to this. linux/err.h.</summary>
    public const int MostErrno = 4095;

    /// <summary>A call of an architecture that no rule is about, as libseccomp has it.</summary>
    public const uint WrongArchitecture = (uint)SeccompAction.SECCOMP_RET_KILL_THREAD;

    /// <summary>A call that is newer than the rules.</summary>
    public const uint NoSuchCall = (uint)SeccompAction.SECCOMP_RET_ERRNO | (uint)Errno.ENOSYS;

    private const uint ActionMask = 0xffff_0000;

    /// <summary>The answer of an action that needs no data.</summary>
    public static uint Of(SeccompAction action) => (uint)action;

    /// <summary>The call fails.</summary>
    public static uint Fail(Errno errno) => (uint)SeccompAction.SECCOMP_RET_ERRNO | (uint)errno;

    /// <summary>The action of an answer.</summary>
    public static SeccompAction ActionOf(uint verdict) => (SeccompAction)(verdict & ActionMask);

    /// <summary>Another process is asked.</summary>
    public static bool IsNotify(uint verdict) => ActionOf(verdict) == SeccompAction.SECCOMP_RET_USER_NOTIF;

    /// <summary>The call is made, whatever its arguments.</summary>
    public static bool LetsThrough(uint verdict) =>
        (SeccompAction)verdict is SeccompAction.SECCOMP_RET_ALLOW or SeccompAction.SECCOMP_RET_LOG;
}
