namespace Tare.Linux.Abi;

/// <summary>How a filter is loaded. seccomp(2), linux/seccomp.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SeccompFilterFlags : uint
{
    None = 0,
    SECCOMP_FILTER_FLAG_TSYNC = 0x1,
    SECCOMP_FILTER_FLAG_LOG = 0x2,
    SECCOMP_FILTER_FLAG_SPEC_ALLOW = 0x4,
    SECCOMP_FILTER_FLAG_NEW_LISTENER = 0x8,
    SECCOMP_FILTER_FLAG_TSYNC_ESRCH = 0x10,
    SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 0x20,
}
