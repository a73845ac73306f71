namespace Tare.Oci;

/// <summary>Which processors and memory nodes can be used, and the switches of cgroup v1's cpuset. cpuset(7).</summary>
public sealed record CpusetStatistics
{
    /// <summary>Processors, by number.</summary>
    public IReadOnlyList<ulong> Cpus { get; init; } = [];

    /// <summary>Memory nodes, by number.</summary>
    public IReadOnlyList<ulong> Mems { get; init; } = [];

    /// <summary><c>cpuset.cpu_exclusive</c>.</summary>
    public ulong CpuExclusive { get; init; }

    /// <summary><c>cpuset.mem_hardwall</c>.</summary>
    public ulong MemHardwall { get; init; }

    /// <summary><c>cpuset.mem_exclusive</c>.</summary>
    public ulong MemExclusive { get; init; }

    /// <summary><c>cpuset.memory_migrate</c>.</summary>
    public ulong MemoryMigrate { get; init; }

    /// <summary><c>cpuset.memory_spread_page</c>.</summary>
    public ulong MemorySpreadPage { get; init; }

    /// <summary><c>cpuset.memory_spread_slab</c>.</summary>
    public ulong MemorySpreadSlab { get; init; }

    /// <summary><c>cpuset.memory_pressure</c>.</summary>
    public ulong MemoryPressure { get; init; }

    /// <summary><c>cpuset.sched_load_balance</c>.</summary>
    public ulong SchedLoadBalance { get; init; }

    /// <summary><c>cpuset.sched_relax_domain_level</c>; -1 is the system's own.</summary>
    public long SchedRelaxDomainLevel { get; init; }
}
