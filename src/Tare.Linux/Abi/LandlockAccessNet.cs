namespace Tare.Linux.Abi;

/// <summary>What can be done with TCP ports. landlock(7), linux/landlock.h; ABI 4, Linux 6.7.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum LandlockAccessNet : ulong
{
    None = 0,
    LANDLOCK_ACCESS_NET_BIND_TCP = 0x1,
    LANDLOCK_ACCESS_NET_CONNECT_TCP = 0x2,
}
