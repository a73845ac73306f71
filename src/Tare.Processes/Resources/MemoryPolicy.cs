using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>From which NUMA nodes memory is taken. set_mempolicy(2).</summary>
/// <param name="Mode">How.</param>
public sealed record MemoryPolicy(MemoryPolicyMode Mode)
{
    /// <summary>The nodes, by number; none for MPOL_DEFAULT and MPOL_LOCAL.</summary>
    public ImmutableSortedSet<int> Nodes { get; init; } = [];

    /// <summary>What the numbers mean.</summary>
    public MemoryPolicyFlags Flags { get; init; }
}
