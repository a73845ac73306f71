using Tare.Oci;
using Tare.Runtime.Cgroups;

namespace Tare.Runtime.Statistics;

/// <summary>Reads what cgroup v1 counts. Linux, Documentation/admin-guide/cgroup-v1.</summary>
internal static class LegacyStatistics
{
    // USER_HZ is 100 on every architecture here.
    private const ulong NanosecondsPerTick = 10_000_000;

    /// <summary>Adds what a v1 group counts to what is known.</summary>
    public static ContainerStatistics Add(ContainerStatistics known, ContainerCgroup.Group group)
    {
        GroupFiles files = new(group);
        if (group.Has("cpuacct"))
        {
            known = known with { Cpu = CpuTime(files, known.Cpu ?? new()) };
        }

        if (group.Has("cpu"))
        {
            known = known with { Cpu = Throttling(files, known.Cpu ?? new()) };
        }

        if (group.Has("cpuset"))
        {
            known = known with { Cpuset = Cpuset(files) };
        }

        if (group.Has("memory"))
        {
            known = known with { Memory = Memory(files) };
        }

        if (group.Has("pids"))
        {
            known = known with { Pids = Pids(files) };
        }

        if (group.Has("blkio"))
        {
            known = known with { BlockIo = BlockIo(files) };
        }

        return group.Has("hugetlb") ? known with { Hugepages = Hugepages(files) } : known;
    }

    /// <summary>Processes and threads, which both versions count alike.</summary>
    public static PidsStatistics Pids(GroupFiles files)
    {
        ulong limit = files.Number("pids.max");
        return new(files.Number("pids.current"), limit == ulong.MaxValue ? 0 : limit);
    }

    private static CpuStatistics CpuTime(GroupFiles files, CpuStatistics known)
    {
        IReadOnlyDictionary<string, ulong> times = KernelText.Table(files.Text("cpuacct.stat"));
        List<ulong> user = [];
        List<ulong> kernel = [];
        foreach (ReadOnlySpan<char> line in files.Text("cpuacct.usage_all").AsSpan().EnumerateLines())
        {
            // The first line has the columns' names: cpu user system.
            if (KernelText.Numbers(line.ToString()) is [_, var inPrograms, var inKernel, ..])
            {
                user.Add(inPrograms);
                kernel.Add(inKernel);
            }
        }

        return known with
        {
            Total = files.Number("cpuacct.usage"),
            User = times.GetValueOrDefault("user") * NanosecondsPerTick,
            Kernel = times.GetValueOrDefault("system") * NanosecondsPerTick,
            PerProcessor = KernelText.Numbers(files.Text("cpuacct.usage_percpu")),
            PerProcessorUser = user,
            PerProcessorKernel = kernel,
        };
    }

    private static CpuStatistics Throttling(GroupFiles files, CpuStatistics known)
    {
        IReadOnlyDictionary<string, ulong> throttling = KernelText.Table(files.Text("cpu.stat"));
        return known with
        {
            Periods = throttling.GetValueOrDefault("nr_periods"),
            ThrottledPeriods = throttling.GetValueOrDefault("nr_throttled"),
            ThrottledTime = throttling.GetValueOrDefault("throttled_time"),
        };
    }

    private static CpusetStatistics Cpuset(GroupFiles files) =>
        new()
        {
            Cpus = KernelText.List(files.Text("cpuset.cpus")),
            Mems = KernelText.List(files.Text("cpuset.mems")),
            CpuExclusive = files.Number("cpuset.cpu_exclusive"),
            MemHardwall = files.Number("cpuset.mem_hardwall"),
            MemExclusive = files.Number("cpuset.mem_exclusive"),
            MemoryMigrate = files.Number("cpuset.memory_migrate"),
            MemorySpreadPage = files.Number("cpuset.memory_spread_page"),
            MemorySpreadSlab = files.Number("cpuset.memory_spread_slab"),
            MemoryPressure = files.Number("cpuset.memory_pressure"),
            SchedLoadBalance = files.Number("cpuset.sched_load_balance"),
            SchedRelaxDomainLevel = KernelText.Signed(files.Text("cpuset.sched_relax_domain_level")) ?? 0,
        };

    private static MemoryStatistics Memory(GroupFiles files)
    {
        IReadOnlyDictionary<string, ulong> raw = KernelText.Table(files.Text("memory.stat"));
        return new()
        {
            Cache = raw.GetValueOrDefault("cache"),
            Usage = Counter(files, "memory"),
            Swap = Counter(files, "memory.memsw"),
            Kernel = Counter(files, "memory.kmem"),
            KernelTcp = Counter(files, "memory.kmem.tcp"),
            Raw = raw,
        };
    }

    // Swap and the kernel's memory are counted only where the kernel was built or started to do so.
    private static MemoryCounter Counter(GroupFiles files, string name) =>
        new(
            files.Number($"{name}.limit_in_bytes"),
            files.Number($"{name}.usage_in_bytes"),
            files.Number($"{name}.max_usage_in_bytes"),
            files.Number($"{name}.failcnt")
        );

    /// <summary>From BFQ with all its counts, else BFQ, CFQ (Linux before 5.0), the throttle with and without groups below.</summary>
    private static BlockIoStatistics BlockIo(GroupFiles files)
    {
        string prefix =
            files.Text("blkio.bfq.io_serviced_recursive") is { Length: > 0 } bfq && KernelText.BlockIo(bfq).Count > 0
                ? "blkio.bfq."
            : KernelText.BlockIo(files.Text("blkio.io_serviced_recursive")).Count > 0 ? "blkio."
            : "blkio.throttle.";
        string suffix = files.Text($"{prefix}io_serviced_recursive") is null ? "" : "_recursive";
        return new()
        {
            ServiceBytes = KernelText.BlockIo(files.Text($"{prefix}io_service_bytes{suffix}")),
            Serviced = KernelText.BlockIo(files.Text($"{prefix}io_serviced{suffix}")),
            Queued = KernelText.BlockIo(files.Text($"{prefix}io_queued{suffix}")),
            ServiceTime = KernelText.BlockIo(files.Text($"{prefix}io_service_time{suffix}")),
            WaitTime = KernelText.BlockIo(files.Text($"{prefix}io_wait_time{suffix}")),
            Merged = KernelText.BlockIo(files.Text($"{prefix}io_merged{suffix}")),
            Time = KernelText.BlockIo(files.Text($"{prefix}time{suffix}")),
            Sectors = KernelText.BlockIo(files.Text($"{prefix}sectors{suffix}")),
        };
    }

    private static Dictionary<string, HugepageStatistics> Hugepages(GroupFiles files)
    {
        Dictionary<string, HugepageStatistics> hugepages = [];
        foreach (string size in HugepageSizes.Read())
        {
            // Reservations are counted apart since Linux 5.7.
            string prefix = files.Text($"hugetlb.{size}.rsvd.usage_in_bytes") is null
                ? $"hugetlb.{size}"
                : $"hugetlb.{size}.rsvd";
            if (files.Text($"{prefix}.usage_in_bytes") is not null)
            {
                hugepages[size] = new(
                    files.Number($"{prefix}.usage_in_bytes"),
                    files.Number($"{prefix}.max_usage_in_bytes"),
                    files.Number($"{prefix}.failcnt")
                );
            }
        }

        return hugepages;
    }
}
