namespace Tare.Linux.Abi;

/// <summary>How far an address is good. linux/rtnetlink.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum AddressScope : byte
{
    RT_SCOPE_UNIVERSE = 0,
    RT_SCOPE_SITE = 200,
    RT_SCOPE_LINK = 253,
    RT_SCOPE_HOST = 254,
}
