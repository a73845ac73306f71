namespace Tare.Linux.Abi;

/// <summary>What happens with pages that are there when an area gets a policy. linux/mempolicy.h, mbind(2).</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum MemoryBindFlags
{
    None = 0,
    MPOL_MF_STRICT = 1,
    MPOL_MF_MOVE = 2,
    MPOL_MF_MOVE_ALL = 4,
}
