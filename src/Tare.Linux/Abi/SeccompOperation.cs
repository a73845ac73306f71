namespace Tare.Linux.Abi;

/// <summary>The operations of seccomp(2). linux/seccomp.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SeccompOperation : uint
{
    SECCOMP_SET_MODE_STRICT = 0,
    SECCOMP_SET_MODE_FILTER = 1,
    SECCOMP_GET_ACTION_AVAIL = 2,
    SECCOMP_GET_NOTIF_SIZES = 3,
}
