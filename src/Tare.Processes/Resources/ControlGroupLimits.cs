using System.Collections.Immutable;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// What all processes of a cgroup together may use. Null says nothing: what is there stays. The names are those of cgroup v2;
/// on v1 each becomes the file that means the same, and what v1 has nothing for is an error. cgroup-v2 of the kernel's
/// documentation.
/// </summary>
public sealed record ControlGroupLimits
{
    /// <summary>No limit: the kernel's <c>max</c>.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>Memory in bytes, at which the OOM killer comes. memory.max; v1: memory.limit_in_bytes.</summary>
    public long? MemoryMax { get; init; }

    /// <summary>Memory in bytes, above which processes are slowed down and their memory reclaimed. memory.high; v2 only.</summary>
    public long? MemoryHigh { get; init; }

    /// <summary>Memory in bytes, below which it is reclaimed only where there is no other. memory.low; v1: memory.soft_limit_in_bytes.</summary>
    public long? MemoryLow { get; init; }

    /// <summary>Memory in bytes that is never reclaimed. memory.min; v2 only.</summary>
    public long? MemoryMin { get; init; }

    /// <summary>Swap in bytes, beside memory. memory.swap.max; v1: memory.memsw.limit_in_bytes, which needs <see cref="MemoryMax"/>.</summary>
    public long? SwapMax { get; init; }

    /// <summary>Swap in bytes, above which processes are slowed down. memory.swap.high, Linux 5.8; v2 only.</summary>
    public long? SwapHigh { get; init; }

    /// <summary>
    /// Swapped memory in bytes that is kept compressed in memory, as counted compressed; more goes to the disk. 0 is none.
    /// memory.zswap.max, Linux 5.19; v2 only.
    /// </summary>
    public long? ZswapMax { get; init; }

    /// <summary>
    /// Compressed memory may be written to the disk, and memory that cannot be kept compressed too; false keeps it from swap
    /// devices. memory.zswap.writeback, Linux 6.8; v2 only.
    /// </summary>
    public bool? ZswapWriteback { get; init; }

    /// <summary>A kernel that does not count swap need not limit it.</summary>
    internal bool SwapIfCounted { get; init; }

    /// <summary>Where one process is killed for want of memory, all are. memory.oom.group; v2 only.</summary>
    public bool? OomGroup { get; init; }

    /// <summary>Processors, as many as can be used at once: 0.5 is half of one. cpu.max; v1: cpu.cfs_quota_us.</summary>
    public double? Cpus { get; init; }

    /// <summary>The period in which <see cref="Cpus"/> is counted; 100 ms unless said.</summary>
    public TimeSpan? CpuPeriod { get; init; }

    /// <summary>Processor time that may be saved up for later. cpu.max.burst; v1: cpu.cfs_burst_us.</summary>
    public TimeSpan? CpuBurst { get; init; }

    /// <summary>The share of processor time where there is not enough, 1 to 10,000, usually 100. cpu.weight; v1: cpu.shares.</summary>
    public int? CpuWeight { get; init; }

    /// <summary>The processes run when nobody else wants to. cpu.idle.</summary>
    public bool? CpuIdle { get; init; }

    /// <summary>
    /// What the processes are taken to need of a processor at least, from 0 to 1024, where a processor or its speed is chosen.
    /// cpu.uclamp.min, Linux 5.4, CONFIG_UCLAMP_TASK_GROUP. Of one thread: <see cref="ProcessScheduler.SetUtilizationBounds"/>.
    /// </summary>
    public int? CpuUtilizationMin { get; init; }

    /// <summary>What they are taken to need at most, from 0 to 1024. cpu.uclamp.max.</summary>
    public int? CpuUtilizationMax { get; init; }

    /// <summary>The processors to run on: <c>0-3,7</c>. cpuset.cpus.</summary>
    public string? CpuSet { get; init; }

    /// <summary>The memory nodes to take memory from. cpuset.mems.</summary>
    public string? MemoryNodes { get; init; }

    /// <summary>
    /// The processors that a partition in it or below may shut off from others, without being a partition itself; among those of the
    /// group above, and no group beside it has them. cpuset.cpus.exclusive, Linux 6.7; v2 only.
    /// </summary>
    public string? ExclusiveCpuSet { get; init; }

    /// <summary>Whether <see cref="CpuSet"/> is shut off from others: <c>member</c>, <c>root</c>, <c>isolated</c>. cpuset.cpus.partition; v2 only.</summary>
    public string? CpuPartition { get; init; }

    /// <summary>Processes and threads. pids.max.</summary>
    public long? ProcessesMax { get; init; }

    /// <summary>Limits of disks. io.max; v1: blkio.throttle.*.</summary>
    public ImmutableArray<DiskLimit> Disks { get; init; } = [];

    /// <summary>The share of the disks' time, 1 to 10,000. io.weight; v1: blkio.bfq.weight.</summary>
    public int? IoWeight { get; init; }

    /// <summary>Huge pages in bytes by their size (<c>2MB</c>). hugetlb.SIZE.max; v1: hugetlb.SIZE.limit_in_bytes.</summary>
    public ImmutableDictionary<string, long> HugePages { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>
    /// Huge pages in bytes by their size that may be reserved: who asks for more is refused at mmap(2), and not killed when it
    /// touches them. hugetlb.SIZE.rsvd.max, Linux 5.7; v1: hugetlb.SIZE.rsvd.limit_in_bytes.
    /// </summary>
    public ImmutableDictionary<string, long> ReservedHugePages { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>
    /// Which devices may be used: the last rule that is about an access decides, and what none is about is denied; default
    /// leaves all as they are. Applied again it is one filter more on v2, and both must allow. devices.allow and devices.deny of
    /// v1, where rules should not be about parts of each other; a BPF program on v2. CAP_SYS_ADMIN.
    /// </summary>
    public ImmutableArray<DeviceFilterRule> Devices { get; init; }

    /// <summary>
    /// What the group's packets are marked with, for tc(8) and iptables(8). net_cls.classid; v1 only: on v2 a filter asks for the
    /// group itself.
    /// </summary>
    public uint? NetworkClass { get; init; }

    /// <summary>The priority of the group's packets by network device. net_prio.ifpriomap; v1 only.</summary>
    public ImmutableDictionary<string, int> NetworkPriorities { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>What may be held of RDMA devices, by their names (<c>mlx4_0</c>). rdma.max.</summary>
    public ImmutableDictionary<string, RdmaLimit> Rdma { get; init; } = ImmutableDictionary<string, RdmaLimit>.Empty;

    /// <summary>Things that a machine has few of, by the kernel's names (<c>sev</c>, <c>tdx</c>). misc.max, Linux 5.13.</summary>
    public ImmutableDictionary<string, long> Scarce { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>Memory of devices in bytes, by region (<c>drm/0000:03:00.0/vram0</c>). dmem.max, Linux 6.14; v2 only.</summary>
    public ImmutableDictionary<string, long> DeviceMemory { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>How many levels of groups there may be below. cgroup.max.depth; v2 only.</summary>
    public int? DepthMax { get; init; }

    /// <summary>How many groups there may be below. cgroup.max.descendants; v2 only.</summary>
    public int? DescendantsMax { get; init; }

    /// <summary>Other files of version 2 by their names, written as they are, last (<c>misc.max</c>, <c>rdma.max</c>).</summary>
    public ImmutableDictionary<string, string> Files { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>What may be read from and written to a disk; null says nothing.</summary>
/// <param name="Major">The device's major number.</param>
/// <param name="Minor">The device's minor number.</param>
public sealed record DiskLimit(uint Major, uint Minor)
{
    /// <summary>Bytes read in a second.</summary>
    public long? ReadBytes { get; init; }

    /// <summary>Bytes written in a second.</summary>
    public long? WriteBytes { get; init; }

    /// <summary>Reads in a second.</summary>
    public long? ReadOperations { get; init; }

    /// <summary>Writes in a second.</summary>
    public long? WriteOperations { get; init; }

    /// <summary>
    /// How long an access may take before others that wait for the disk are slowed down, to the microsecond. io.latency; v2 only.
    /// </summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>
    /// The share of this disk's time, 1 to 10,000, in place of <see cref="ControlGroupLimits.IoWeight"/>. io.weight, which takes
    /// effect where the disk's cost is known (io.cost.qos of the root group); v1: blkio.bfq.weight_device.
    /// </summary>
    public int? Weight { get; init; }
}

/// <summary>What may be held of an RDMA device; null says nothing.</summary>
public sealed record RdmaLimit
{
    /// <summary>How often it may be opened.</summary>
    public int? Handles { get; init; }

    /// <summary>Objects: queue pairs, memory regions and so on.</summary>
    public int? Objects { get; init; }
}
