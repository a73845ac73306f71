namespace Tare.Linux.Abi;

/// <summary>What a filter can answer; the low 16 bits are the action's data. seccomp(2), linux/seccomp.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SeccompAction : uint
{
    SECCOMP_RET_KILL_PROCESS = 0x80000000,
    SECCOMP_RET_KILL_THREAD = 0x00000000,
    SECCOMP_RET_TRAP = 0x00030000,
    SECCOMP_RET_ERRNO = 0x00050000,
    SECCOMP_RET_USER_NOTIF = 0x7fc00000,
    SECCOMP_RET_TRACE = 0x7ff00000,
    SECCOMP_RET_LOG = 0x7ffc0000,
    SECCOMP_RET_ALLOW = 0x7fff0000,
}
