namespace Tare.Linux.Abi;

/// <summary>The flags of a network device's address. linux/if_addr.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum AddressFlags : uint
{
    None = 0,
    IFA_F_SECONDARY = 0x1,
    IFA_F_NODAD = 0x2,
    IFA_F_OPTIMISTIC = 0x4,
    IFA_F_DADFAILED = 0x8,
    IFA_F_HOMEADDRESS = 0x10,
    IFA_F_DEPRECATED = 0x20,
    IFA_F_TENTATIVE = 0x40,
    IFA_F_PERMANENT = 0x80,
    IFA_F_MANAGETEMPADDR = 0x100,
    IFA_F_NOPREFIXROUTE = 0x200,
    IFA_F_MCAUTOJOIN = 0x400,
    IFA_F_STABLE_PRIVACY = 0x800,
}
