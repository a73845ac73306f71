using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// What the program of a sandbox cannot ask for, whatever its profile lets through: calls that reach somebody outside by a number
/// or a name that neither mounts nor Landlock hide, each with the arguments by which it does.
/// </summary>
/// <remarks>
/// A call that the profile refuses in any case is not named: a rule about a call says that calls with smaller numbers are known,
/// and what is unknown fails with ENOSYS, by which programs know that they have to use older ones.
/// </remarks>
internal static class SandboxCalls
{
    private const ulong SetUserId = 0x800; // S_ISUID
    private const ulong Int = 0xffff_ffff; // the kernel looks at these bits of an int alone
    private const ulong SetLease = 1024; // F_SETLEASE; F_SETDELEG of Linux 6.19 is this with one more bit
    private const ulong SetLeaseMask = Int & ~16UL;
    private const ulong SetFlags = 0x4008_6602; // FS_IOC_SETFLAGS: FS_PROJINHERIT_FL is one of them
    private const ulong SetFlagsNarrow = 0x4004_6602; // FS_IOC32_SETFLAGS, of programs of 32 bits alone
    private const ulong MostOfGroup = 1; // PRIO_PROCESS is 0, PRIO_PGRP 1, PRIO_USER 2
    private const ulong MostOfIoGroup = 2; // the same of ioprio_set, from 1

    private const uint Pretend = (uint)SeccompAction.SECCOMP_RET_ERRNO; // it fails by no errno

    // System V's objects have numbers of the IPC namespace, by which all calls take them.
    private static readonly string[] NamedMemory =
    [
        "ipc",
        "mq_open",
        "mq_unlink",
        "msgctl",
        "msgget",
        "msgrcv",
        "msgsnd",
        "semctl",
        "semget",
        "semop",
        "semtimedop",
        "semtimedop_time64",
        "shmat",
        "shmctl",
        "shmget",
    ];

    /// <summary>
    /// The profile without what reaches out of namespaces too. Files that the program leaves give nobody its user's rights
    /// (set-user-ID), and count for the project that a directory's quota is of (attributes of files); what it may read it cannot
    /// keep its owner from writing to (leases); and its core dumps stay away from the program of core_pattern, which runs
    /// outside, as root: <see cref="SandboxLimits"/>.
    /// </summary>
    public static SeccompProfile Always(SeccompProfile profile) =>
        profile
            .Refuse(Errno.EPERM, ["chmod", "fchmod"], Bits(1, SetUserId))
            .Refuse(Errno.EPERM, ["fchmodat", "fchmodat2"], Bits(2, SetUserId))
            .Refuse(
                Errno.EPERM,
                ["fcntl", "fcntl64"],
                new ArgumentCondition(1, ArgumentComparison.MaskedEqual, SetLeaseMask, SetLease)
            )
            .Refuse(Errno.ENOTTY, ["ioctl"], Is(1, (ulong)IoctlRequest.FS_IOC_FSSETXATTR))
            .Refuse(Errno.ENOTTY, ["ioctl"], Is(1, SetFlags))
            .Refuse(Errno.ENOTTY, profile.FurtherAbis.IsDefaultOrEmpty ? [] : ["ioctl"], Is(1, SetFlagsNarrow))
            .Refuse(Errno.ENOSYS, ["file_setattr"])
            .KeepCoreLimit();

    /// <summary>
    /// The profile without what goes by user, by another process's number or by a name of the machine's: at
    /// <see cref="SandboxLevel.Process"/> the program has the user and the processes of the machine in common with others, who
    /// may be the program that started it. Signals and tracing are Landlock's.
    /// </summary>
    public static SeccompProfile AmongOthers(SeccompProfile profile) =>
        profile
            .Refuse(Errno.EPERM, ["prlimit64"], NotZero(0), NotZero(2))
            .Refuse(Errno.EPERM, ["setpriority", "ioprio_set"], NotZero(1))
            .Refuse(Errno.EPERM, ["setpriority"], Above(0, MostOfGroup))
            .Refuse(Errno.EPERM, ["ioprio_set"], Above(0, MostOfIoGroup))
            .Refuse(
                Errno.EPERM,
                ["sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler"],
                NotZero(0)
            )
            .Refuse(Errno.ENOSYS, NamedMemory)
            .Refuse(Errno.EPERM, ["add_key", "keyctl", "request_key"]);

    // Programs give up dumping by a limit of 0, and some end where that is refused. They are told that they have it, and dump
    // as little as by the 1 that they keep.
    private static SeccompProfile KeepCoreLimit(this SeccompProfile profile)
    {
        const ulong Core = (ulong)ResourceLimit.RLIMIT_CORE;
        ArgumentCondition asksNothing = new(3, ArgumentComparison.Equal, 0);
        return profile
            .Refuse(Errno.EPERM, ["prlimit64"], Is(1, Core), NotZero(2))
            .Answer(Pretend, ["prlimit64"], Is(1, Core), NotZero(2), asksNothing)
            .Answer(Pretend, ["setrlimit"], Is(0, Core));
    }

    private static SeccompProfile Refuse(
        this SeccompProfile profile,
        Errno errno,
        ReadOnlySpan<string> names,
        params ReadOnlySpan<ArgumentCondition> conditions
    ) => profile.Answer(SeccompAnswer.Fail(errno).Word, names, conditions);

    private static SeccompProfile Answer(
        this SeccompProfile profile,
        uint verdict,
        ReadOnlySpan<string> names,
        params ReadOnlySpan<ArgumentCondition> conditions
    )
    {
        ImmutableArray<string> reachable = [.. names.ToArray().Where(CallNumbers.Has).Where(profile.MayLetThrough)];
        return reachable.IsEmpty
            ? profile
            : profile with
            {
                Rules = profile.Rules.Add(new CallRule(reachable, verdict, [.. conditions])),
            };
    }

    // What the profile has killed for stays so.
    private static bool MayLetThrough(this SeccompProfile profile, string name)
    {
        foreach (CallRule rule in profile.Rules.Reverse().Where(rule => rule.Names.Contains(name)))
        {
            if (!IsRefusal(rule.Verdict))
            {
                return true;
            }

            if (rule.Conditions.IsEmpty)
            {
                return false;
            }
        }

        return !IsRefusal(profile.Otherwise.Word);
    }

    private static bool IsRefusal(uint verdict) =>
        FilterVerdicts.ActionOf(verdict)
            is SeccompAction.SECCOMP_RET_ERRNO
                or SeccompAction.SECCOMP_RET_KILL_PROCESS
                or SeccompAction.SECCOMP_RET_KILL_THREAD;

    private static ArgumentCondition NotZero(int argument) => new(argument, ArgumentComparison.NotEqual, 0);

    private static ArgumentCondition Is(int argument, ulong value) =>
        new(argument, ArgumentComparison.MaskedEqual, Int, value);

    private static ArgumentCondition Above(int argument, ulong most) =>
        new(argument, ArgumentComparison.GreaterThan, most);

    private static ArgumentCondition Bits(int argument, ulong bits) =>
        new(argument, ArgumentComparison.MaskedEqual, bits, bits);
}
