namespace Tare.Linux.Abi;

/// <summary>What a message about a network device carries. linux/if_link.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum LinkAttribute : ushort
{
    IFLA_ADDRESS = 1,
    IFLA_IFNAME = 3,
    IFLA_MTU = 4,
    IFLA_MASTER = 10,
    IFLA_NET_NS_PID = 19,
    IFLA_NET_NS_FD = 28,
}
