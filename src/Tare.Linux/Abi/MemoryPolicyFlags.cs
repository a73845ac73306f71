namespace Tare.Linux.Abi;

/// <summary>What a memory policy's node numbers mean. linux/mempolicy.h, set_mempolicy(2).</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum MemoryPolicyFlags
{
    None = 0,
    MPOL_F_NUMA_BALANCING = 1 << 13,
    MPOL_F_RELATIVE_NODES = 1 << 14,
    MPOL_F_STATIC_NODES = 1 << 15,
}
