namespace Tare.Linux.Abi;

/// <summary>From which NUMA nodes memory is taken. linux/mempolicy.h, set_mempolicy(2).</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum MemoryPolicyMode
{
    MPOL_DEFAULT = 0,
    MPOL_PREFERRED = 1,
    MPOL_BIND = 2,
    MPOL_INTERLEAVE = 3,
    MPOL_LOCAL = 4,
    MPOL_PREFERRED_MANY = 5,
    MPOL_WEIGHTED_INTERLEAVE = 6,
}
