namespace Tare.Linux.Abi;

/// <summary>What a message about a network device's address carries. linux/if_addr.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum AddressAttribute : ushort
{
    IFA_ADDRESS = 1,
    IFA_LOCAL = 2,
    IFA_LABEL = 3,
    IFA_BROADCAST = 4,
    IFA_FLAGS = 8,
    IFA_RT_PRIORITY = 9,
}
