namespace Tare.Linux.Abi;

/// <summary>Which denials are logged (ABI 7, Linux 6.15), and who is restricted (ABI 8, Linux 7.0). landlock_restrict_self(2), linux/landlock.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum LandlockRestrictFlags : uint
{
    None = 0,
    LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF = 0x1,
    LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON = 0x2,
    LANDLOCK_RESTRICT_SELF_LOG_SUBDOMAINS_OFF = 0x4,
    LANDLOCK_RESTRICT_SELF_TSYNC = 0x8,
}
