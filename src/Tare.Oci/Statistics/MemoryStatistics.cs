namespace Tare.Oci;

/// <summary>Memory, in bytes.</summary>
public sealed record MemoryStatistics
{
    /// <summary>Pages of files.</summary>
    public ulong Cache { get; init; }

    /// <summary>Memory of all kinds.</summary>
    public MemoryCounter Usage { get; init; }

    /// <summary>Memory and swap together, as cgroup v1 counts.</summary>
    public MemoryCounter Swap { get; init; }

    /// <summary>The kernel's on the container's behalf; cgroup v1 only.</summary>
    public MemoryCounter Kernel { get; init; }

    /// <summary>Buffers of TCP; cgroup v1 only.</summary>
    public MemoryCounter KernelTcp { get; init; }

    /// <summary>Every line of <c>memory.stat</c>.</summary>
    public IReadOnlyDictionary<string, ulong> Raw { get; init; } = new Dictionary<string, ulong>();

    /// <summary>How much was waited for memory; null where the kernel does not say.</summary>
    public PressureStatistics? Pressure { get; init; }
}
