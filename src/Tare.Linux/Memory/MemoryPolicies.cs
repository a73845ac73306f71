using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>NUMA placement of memory. numa(7). Nodes are bits, the lowest first, in words of 64.</summary>
public static class MemoryPolicies
{
    private const int MoveOwn = 1 << 1; // MPOL_MF_MOVE
    private const int MoveAll = 1 << 2; // MPOL_MF_MOVE_ALL, CAP_SYS_NICE
    internal const int WordsOfNodes = 16;

    /// <summary>The calling thread's policy. get_mempolicy(2).</summary>
    public static SysResult<(MemoryPolicyMode Mode, MemoryPolicyFlags Flags, ulong[] Nodes)> Get()
    {
        ulong[] nodes = new ulong[WordsOfNodes];
        nint raw = Interop.get_mempolicy(out int value, nodes);
        return Policy(raw, value, nodes);
    }

    internal static SysResult<(MemoryPolicyMode Mode, MemoryPolicyFlags Flags, ulong[] Nodes)> Policy(
        nint raw,
        int value,
        ulong[] nodes
    )
    {
        const int Flags = (int)(
            MemoryPolicyFlags.MPOL_F_NUMA_BALANCING
            | MemoryPolicyFlags.MPOL_F_RELATIVE_NODES
            | MemoryPolicyFlags.MPOL_F_STATIC_NODES
        );
        return new(
            ((MemoryPolicyMode)(value & ~Flags), (MemoryPolicyFlags)(value & Flags), nodes),
            Interop.ErrnoOf(raw)
        );
    }

    /// <summary>Sets the calling thread's policy. set_mempolicy(2). EINVAL: there is no such node, or the mode takes none.</summary>
    public static SysResult Set(MemoryPolicyMode mode, MemoryPolicyFlags flags, ReadOnlySpan<ulong> nodes) =>
        Interop.Result(Interop.set_mempolicy((int)mode | (int)flags, nodes));

    /// <summary>
    /// Moves all of a process's pages from some nodes to others; 0 is the caller. migrate_pages(2). The value is how many
    /// could not be moved. EPERM: no right to trace it.
    /// </summary>
    public static SysResult<long> Migrate(int processId, ReadOnlySpan<ulong> from, ReadOnlySpan<ulong> to)
    {
        if (from.Length != to.Length)
        {
            throw new ArgumentException("both must be equally long", nameof(to));
        }

        nint raw = Interop.migrate_pages(processId, from, to);
        return new(raw, Interop.ErrnoOf(raw));
    }

    /// <summary>On which node each page of a process is; a negated errno where it is on none. move_pages(2).</summary>
    /// <param name="processId">The process; 0 is the caller.</param>
    /// <param name="pages">The pages' addresses.</param>
    public static SysResult<int[]> NodesOf(int processId, ReadOnlySpan<ulong> pages)
    {
        int[] status = new int[pages.Length];
        nint raw = Interop.move_pages(processId, pages, [], status, 0);
        return new(status, Interop.ErrnoOf(raw));
    }

    /// <summary>Moves pages of a process, each to its node. move_pages(2).</summary>
    /// <param name="processId">The process; 0 is the caller.</param>
    /// <param name="pages">The pages' addresses.</param>
    /// <param name="nodes">A node for each.</param>
    /// <param name="shared">Also pages that others map; CAP_SYS_NICE.</param>
    /// <returns>Where each is then; a negated errno where it is on no node.</returns>
    public static SysResult<int[]> Move(
        int processId,
        ReadOnlySpan<ulong> pages,
        ReadOnlySpan<int> nodes,
        bool shared = false
    )
    {
        if (nodes.Length != pages.Length)
        {
            throw new ArgumentException("each page has one node", nameof(nodes));
        }

        int[] status = new int[pages.Length];
        nint raw = Interop.move_pages(processId, pages, nodes, status, shared ? MoveAll : MoveOwn);
        return new(status, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Says on which node memory with MPOL_BIND or MPOL_PREFERRED_MANY is to be taken first. set_mempolicy_home_node(2), Linux
    /// 5.17. ENOENT: no policy was set for the area. EOPNOTSUPP: it has another.
    /// </summary>
    public static SysResult SetHomeNode(nint address, long length, int node) =>
        Interop.Result(Interop.Call(Syscall.set_mempolicy_home_node, address, (nint)length, node, 0));
}
