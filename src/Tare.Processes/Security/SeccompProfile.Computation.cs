using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

public sealed partial record SeccompProfile
{
    // O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND and the bit that makes O_TMPFILE of O_DIRECTORY; the same everywhere.
    private const ulong WritingFlags = 0x1 | 0x2 | 0x40 | 0x200 | 0x400 | 0x40_0000;
    private const ulong ThreadFlag = 0x1_0000; // CLONE_THREAD

    /// <summary>
    /// What a program needs that computes: memory, threads, time, reading files, and its open descriptors. It can start no
    /// process (but executes programs in its place), open nothing for writing, change no file and use no network: all that
    /// fails with EPERM. What of files may be read <see cref="LandlockPolicy"/> says.
    /// </summary>
    public static SeccompProfile Computation { get; } =
        new SeccompProfile(SeccompAnswer.Fail(Errno.EPERM))
            .Allow(
                "brk",
                "madvise",
                "mlock",
                "mlock2",
                "mmap",
                "mmap2",
                "mprotect",
                "mremap",
                "msync",
                "munlock",
                "munmap"
            )
            .Allow("membarrier", "pkey_alloc", "pkey_free", "pkey_mprotect", "mincore", "map_shadow_stack", "mseal")
            .Allow("close", "close_range", "dup", "dup2", "dup3", "fcntl", "fcntl64", "_llseek", "lseek", "fadvise64")
            .Allow(
                "pread64",
                "preadv",
                "preadv2",
                "pwrite64",
                "pwritev",
                "pwritev2",
                "read",
                "readv",
                "write",
                "writev"
            )
            .Allow("eventfd", "eventfd2", "pipe", "pipe2", "memfd_create", "ftruncate", "ftruncate64", "readahead")
            .Allow("epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait")
            .Allow("_newselect", "poll", "ppoll", "ppoll_time64", "pselect6", "pselect6_time64", "select")
            .Allow(
                "access",
                "faccessat",
                "faccessat2",
                "fstat",
                "fstat64",
                "fstatat64",
                "fstatfs",
                "fstatfs64",
                "lstat"
            )
            .Allow("lstat64", "newfstatat", "stat", "stat64", "statfs", "statfs64", "statx", "getdents", "getdents64")
            .Allow("getcwd", "chdir", "fchdir", "readlink", "readlinkat", "umask", "sendfile", "sendfile64")
            .Allow(
                "exit",
                "exit_group",
                "execve",
                "execveat",
                "restart_syscall",
                "arch_prctl",
                "prctl",
                "set_thread_area"
            )
            .Allow(
                "futex",
                "futex_time64",
                "futex_wait",
                "futex_waitv",
                "futex_wake",
                "futex_requeue",
                "rseq",
                "rseq_slice_yield"
            )
            .Allow("get_robust_list", "set_robust_list", "set_tid_address", "get_thread_area", "gettid", "tgkill")
            .Allow(
                "rt_sigaction",
                "rt_sigpending",
                "rt_sigprocmask",
                "rt_sigreturn",
                "rt_sigsuspend",
                "sigreturn",
                "pause"
            )
            .Allow("rt_sigtimedwait", "rt_sigtimedwait_time64", "sigaltstack", "signalfd", "signalfd4", "alarm")
            .Allow(
                "clock_getres",
                "clock_getres_time64",
                "clock_gettime",
                "clock_gettime64",
                "clock_nanosleep",
                "times"
            )
            .Allow(
                "clock_nanosleep_time64",
                "getitimer",
                "gettimeofday",
                "nanosleep",
                "setitimer",
                "time",
                "timer_create"
            )
            .Allow("timer_delete", "timer_getoverrun", "timer_gettime", "timer_settime", "timerfd_create")
            .Allow("timerfd_gettime", "timerfd_settime", "getrandom", "getrusage", "sysinfo", "uname", "getcpu")
            .Allow("getegid", "getegid32", "geteuid", "geteuid32", "getgid", "getgid32", "getgroups", "getgroups32")
            .Allow("getpgid", "getpgrp", "getpid", "getppid", "getpriority", "getresgid", "getresgid32", "getresuid")
            .Allow(
                "getresuid32",
                "getsid",
                "getuid",
                "getuid32",
                "getrlimit",
                "ugetrlimit",
                "capget",
                "wait4",
                "waitid"
            )
            .Allow("sched_getaffinity", "sched_getparam", "sched_getscheduler", "sched_get_priority_max")
            .Allow("sched_get_priority_min", "sched_setaffinity", "sched_yield", "sched_getattr")
            .Deny(Errno.ENOSYS, "clone3", "openat2")
            .Deny(Errno.ENOTTY, "ioctl")
            .When(
                SeccompAnswer.Allow,
                ["clone"],
                new ArgumentCondition(0, ArgumentComparison.MaskedEqual, ThreadFlag, ThreadFlag)
            )
            .When(SeccompAnswer.Allow, ["open"], new ArgumentCondition(1, ArgumentComparison.MaskedEqual, WritingFlags))
            .When(
                SeccompAnswer.Allow,
                ["openat"],
                new ArgumentCondition(2, ArgumentComparison.MaskedEqual, WritingFlags)
            )
            .When(SeccompAnswer.Allow, ["prlimit64"], new ArgumentCondition(2, ArgumentComparison.Equal, 0));
}
