namespace Tare.Linux.Abi;

/// <summary>The types of netlink messages: those of netlink itself and those of routing. linux/netlink.h, linux/rtnetlink.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum NetlinkMessageType : ushort
{
    NLMSG_ERROR = 2,
    NLMSG_DONE = 3,
    RTM_NEWLINK = 16,
    RTM_DELLINK = 17,
    RTM_GETLINK = 18,
    RTM_SETLINK = 19,
    RTM_NEWADDR = 20,
    RTM_DELADDR = 21,
    RTM_GETADDR = 22,
    RTM_NEWQDISC = 36,
    RTM_DELQDISC = 37,
    RTM_GETQDISC = 38,
    AUDIT_GET = 1000,
    AUDIT_SET = 1001,
    AUDIT_TRUSTED_APP = 1121,
}
