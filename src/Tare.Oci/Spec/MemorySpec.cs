namespace Tare.Oci;

/// <summary>Limits of memory, in bytes; -1 is none, null leaves what is. config-linux.md, "Memory".</summary>
public sealed record MemorySpec
{
    /// <summary>The most memory.</summary>
    public long? Limit { get; init; }

    /// <summary>What is kept back for the container under pressure.</summary>
    public long? Reservation { get; init; }

    /// <summary>The most memory and swap together.</summary>
    public long? Swap { get; init; }

    /// <summary>How readily pages are swapped, 0 to 100; cgroup v1 only.</summary>
    public ulong? Swappiness { get; init; }

    /// <summary>Whether the OOM killer leaves the container alone; cgroup v1 only.</summary>
    public bool? DisableOomKiller { get; init; }

    /// <summary>Whether an update to a limit below what is in use is refused.</summary>
    public bool? CheckBeforeUpdate { get; init; }

    /// <summary>The most memory of the kernel's own; cgroup v1 only, until Linux 5.16.</summary>
    public long? Kernel { get; init; }

    /// <summary>The most memory of the kernel's own for TCP; cgroup v1 only.</summary>
    public long? KernelTcp { get; init; }

    /// <summary>Whether groups below count; cgroup v1 only, where newer kernels know no other way.</summary>
    public bool? UseHierarchy { get; init; }
}
