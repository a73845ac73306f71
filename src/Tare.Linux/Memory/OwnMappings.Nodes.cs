using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class OwnMappings
{
    /// <summary>
    /// From which NUMA nodes an area's memory is taken; <see cref="MemoryPolicies.SetHomeNode"/> says which of them is the first.
    /// EIO: MPOL_MF_STRICT, and pages lie elsewhere. EINVAL: there is no such node, or the mode takes none. EPERM:
    /// MPOL_MF_MOVE_ALL without CAP_SYS_NICE. mbind(2).
    /// </summary>
    /// <param name="address">Where, at a page's begin.</param>
    /// <param name="length">How much.</param>
    /// <param name="mode">How nodes are chosen.</param>
    /// <param name="nodes">The nodes as bits, the lowest first, in words of 64.</param>
    /// <param name="flags">What the numbers mean.</param>
    /// <param name="present">What happens with pages that are there.</param>
    public static SysResult SetPolicy(
        nint address,
        nuint length,
        MemoryPolicyMode mode,
        ReadOnlySpan<ulong> nodes,
        MemoryPolicyFlags flags = MemoryPolicyFlags.None,
        MemoryBindFlags present = MemoryBindFlags.None
    ) => Interop.Result(Interop.mbind(address, length, (int)mode | (int)flags, nodes, present));

    /// <summary>The policy of the area that an address lies in. EFAULT: none lies there. get_mempolicy(2), MPOL_F_ADDR.</summary>
    public static SysResult<(MemoryPolicyMode Mode, MemoryPolicyFlags Flags, ulong[] Nodes)> GetPolicy(nint address)
    {
        ulong[] nodes = new ulong[MemoryPolicies.WordsOfNodes];
        nint raw = Interop.get_mempolicy_of(address, out int value, nodes);
        return MemoryPolicies.Policy(raw, value, nodes);
    }
}
