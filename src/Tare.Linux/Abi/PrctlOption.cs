namespace Tare.Linux.Abi;

/// <summary>The operations of prctl(2). linux/prctl.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum PrctlOption
{
    PR_SET_PDEATHSIG = 1,
    PR_GET_PDEATHSIG = 2,
    PR_GET_DUMPABLE = 3,
    PR_SET_DUMPABLE = 4,
    PR_GET_KEEPCAPS = 7,
    PR_SET_KEEPCAPS = 8,
    PR_SET_NAME = 15,
    PR_GET_NAME = 16,
    PR_GET_SECCOMP = 21,
    PR_SET_SECCOMP = 22,
    PR_CAPBSET_READ = 23,
    PR_CAPBSET_DROP = 24,
    PR_GET_SECUREBITS = 27,
    PR_SET_SECUREBITS = 28,
    PR_SET_TIMERSLACK = 29,
    PR_GET_TIMERSLACK = 30,
    PR_SET_CHILD_SUBREAPER = 36,
    PR_GET_CHILD_SUBREAPER = 37,
    PR_SET_NO_NEW_PRIVS = 38,
    PR_GET_NO_NEW_PRIVS = 39,
    PR_SET_THP_DISABLE = 41,
    PR_GET_THP_DISABLE = 42,
    PR_CAP_AMBIENT = 47,
    PR_GET_SPECULATION_CTRL = 52,
    PR_SET_SPECULATION_CTRL = 53,
    PR_SCHED_CORE = 62,
    PR_SET_MDWE = 65,
    PR_GET_MDWE = 66,
    PR_SET_MEMORY_MERGE = 67,
    PR_GET_MEMORY_MERGE = 68,
    PR_SET_VMA = 0x53564d41,
    PR_SET_PTRACER = 0x59616d61,
}
