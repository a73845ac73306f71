namespace Tare.Linux.Abi;

/// <summary>What is not to reach processes outside of the domain. landlock(7), linux/landlock.h; ABI 6, Linux 6.12.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum LandlockScope : ulong
{
    None = 0,
    LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET = 0x1,
    LANDLOCK_SCOPE_SIGNAL = 0x2,
}
