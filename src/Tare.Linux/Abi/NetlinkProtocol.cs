namespace Tare.Linux.Abi;

/// <summary>The parts of the kernel that speak netlink. linux/netlink.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum NetlinkProtocol
{
    NETLINK_ROUTE = 0,
    NETLINK_AUDIT = 9,
    NETLINK_CONNECTOR = 11,
    NETLINK_GENERIC = 16,
}
