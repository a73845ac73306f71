namespace Tare.Linux.Abi;

/// <summary>The flags of a network device. linux/if.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum LinkFlags : uint
{
    None = 0,
    IFF_UP = 0x1,
    IFF_LOOPBACK = 0x8,
    IFF_LOWER_UP = 0x10000,
}
