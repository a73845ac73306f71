using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>On which NUMA nodes memory is. numa(7). What a process starts with is <see cref="ProcessStartOptions.MemoryPolicy"/>.</summary>
public static class ProcessMemoryPlacement
{
    /// <summary>The calling thread's policy: of what it takes from now on, and what it starts.</summary>
    /// <exception cref="KernelException">ENOSYS: the kernel has no NUMA.</exception>
    public static MemoryPolicy GetPolicy()
    {
        (MemoryPolicyMode mode, MemoryPolicyFlags flags, ulong[] nodes) = MemoryPolicies
            .Get()
            .OrThrow("read the memory policy");
        return new MemoryPolicy(mode) { Flags = flags, Nodes = NodeMask.Numbers(nodes) };
    }

    /// <summary>Sets the calling thread's policy.</summary>
    /// <exception cref="ArgumentException">The mode is unknown, or nodes do not fit it.</exception>
    /// <exception cref="KernelException">EINVAL: there is no such node, or the kernel is too old for the mode.</exception>
    public static void SetPolicy(MemoryPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        StartChecksOfPlacement.CheckPolicy(policy, nameof(policy));
        MemoryPolicies
            .Set(policy.Mode, policy.Flags, NodeMask.Of(policy.Nodes))
            .OrThrow($"set the memory policy {policy.Mode}");
    }

    /// <summary>Moves all of a process's memory from some nodes to others.</summary>
    /// <param name="processId">The process; 0 is this one.</param>
    /// <param name="from">Nodes to leave.</param>
    /// <param name="to">Nodes to go to.</param>
    /// <returns>How many pages could not be moved.</returns>
    /// <exception cref="ArgumentException">There is no node, or its number is too high.</exception>
    /// <exception cref="KernelException">EPERM: no right to trace it, or it may not use those nodes.</exception>
    public static long Migrate(int processId, ImmutableSortedSet<int> from, ImmutableSortedSet<int> to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(processId);
        Check(from, nameof(from));
        Check(to, nameof(to));
        int words = (Math.Max(from.Max, to.Max) / 64) + 1;
        return MemoryPolicies
            .Migrate(processId, Words(from, words), Words(to, words))
            .OrThrow("move the memory of process", processId.ToString());
    }

    /// <summary>The node of each page; null where it is on none.</summary>
    /// <param name="processId">The process; 0 is this one.</param>
    /// <param name="pages">The pages' addresses.</param>
    /// <exception cref="KernelException">EPERM: no right to trace it.</exception>
    public static IReadOnlyList<int?> NodesOf(int processId, ReadOnlySpan<ulong> pages)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(processId);
        return Nodes(
            MemoryPolicies.NodesOf(processId, pages).OrThrow("look at pages of process", processId.ToString())
        );
    }

    /// <summary>Moves pages, each to its node; tells where each is then.</summary>
    /// <param name="processId">The process; 0 is this one.</param>
    /// <param name="pages">The pages' addresses.</param>
    /// <param name="nodes">A node for each.</param>
    /// <param name="shared">Also those that others map; CAP_SYS_NICE.</param>
    /// <exception cref="ArgumentException">There are not as many nodes as pages.</exception>
    /// <exception cref="KernelException">ENODEV: there is no such node. EACCES: its cpuset forbids it. EPERM: no right.</exception>
    public static IReadOnlyList<int?> Move(
        int processId,
        ReadOnlySpan<ulong> pages,
        ReadOnlySpan<int> nodes,
        bool shared = false
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(processId);
        return Nodes(
            MemoryPolicies.Move(processId, pages, nodes, shared).OrThrow("move pages of process", processId.ToString())
        );
    }

    private static void Check(ImmutableSortedSet<int> nodes, string name)
    {
        ArgumentNullException.ThrowIfNull(nodes, name);
        if (nodes.IsEmpty || nodes.Min < 0 || nodes.Max > NodeMask.Highest)
        {
            throw new ArgumentException($"there is no node, or one is not 0 to {NodeMask.Highest}", name);
        }
    }

    private static ulong[] Words(ImmutableSortedSet<int> nodes, int count)
    {
        ulong[] words = NodeMask.Of(nodes);
        Array.Resize(ref words, count);
        return words;
    }

    private static int?[] Nodes(int[] status) => Array.ConvertAll(status, node => node < 0 ? (int?)null : node);
}
