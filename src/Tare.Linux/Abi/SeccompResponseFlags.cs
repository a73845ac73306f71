namespace Tare.Linux.Abi;

/// <summary>How a call is answered. linux/seccomp.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SeccompResponseFlags : uint
{
    None = 0,
    SECCOMP_USER_NOTIF_FLAG_CONTINUE = 0x1,
}
