namespace Tare.Linux.Abi;

/// <summary>The flags of a netlink message. linux/netlink.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum NetlinkFlags : ushort
{
    None = 0,
    NLM_F_REQUEST = 0x1,
    NLM_F_MULTI = 0x2,
    NLM_F_ACK = 0x4,
    NLM_F_DUMP_INTR = 0x10,
    NLM_F_ROOT = 0x100,
    NLM_F_MATCH = 0x200,
    NLM_F_DUMP = NLM_F_ROOT | NLM_F_MATCH,
    NLM_F_REPLACE = 0x100,
    NLM_F_EXCL = 0x200,
    NLM_F_CREATE = 0x400,
}
