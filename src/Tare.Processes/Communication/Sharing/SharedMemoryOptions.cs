using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>What new shared memory is.</summary>
public sealed record SharedMemoryOptions
{
    /// <summary>Ordinary pages.</summary>
    public static SharedMemoryOptions Default { get; } = new();

    /// <summary>
    /// The size of the pages in bytes: null is the ordinary one, 2 MiB or 1 GiB take of those that the machine has set apart
    /// (/sys/kernel/mm/hugepages). MFD_HUGETLB.
    /// </summary>
    public int? PageSize { get; init; }

    /// <summary>What can never be done to it, besides shrinking, growing and executing it.</summary>
    public SealFlags Seals { get; init; }
}
