namespace Tare.Linux.Abi;

/// <summary>What can be done with TCP ports (ABI 4, Linux 6.7) and UDP ports (ABI 10, Linux 7.2). landlock(7), linux/landlock.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum LandlockAccessNet : ulong
{
    None = 0,
    LANDLOCK_ACCESS_NET_BIND_TCP = 0x1,
    LANDLOCK_ACCESS_NET_CONNECT_TCP = 0x2,
    LANDLOCK_ACCESS_NET_BIND_UDP = 0x4,
    LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP = 0x8,
}
