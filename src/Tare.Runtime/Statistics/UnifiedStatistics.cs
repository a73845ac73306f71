using Tare.Oci;
using Tare.Runtime.Cgroups;

namespace Tare.Runtime.Statistics;

/// <summary>
/// Reads what cgroup v2 counts, in the terms of v1, which events speak in. Linux, Documentation/admin-guide/cgroup-v2.rst.
/// </summary>
internal static class UnifiedStatistics
{
    private const ulong NanosecondsPerMicrosecond = 1000;

    /// <summary>Adds what the v2 group counts and no v1 group has counted, and the pressure.</summary>
    public static ContainerStatistics Add(ContainerStatistics known, ContainerCgroup.Group group)
    {
        GroupFiles files = new(group);
        CpuStatistics cpu = known.Cpu ?? Cpu(files);
        MemoryStatistics memory = known.Memory ?? Memory(files);
        BlockIoStatistics io = known.BlockIo ?? BlockIo(files.Text("io.stat"));
        return known with
        {
            Cpu = cpu with { Pressure = KernelText.Pressure(files.Text("cpu.pressure")) },
            Cpuset = known.Cpuset ?? Cpuset(files),
            Memory = memory with { Pressure = KernelText.Pressure(files.Text("memory.pressure")) },
            Pids = known.Pids ?? Pids(files),
            BlockIo = io with { Pressure = KernelText.Pressure(files.Text("io.pressure")) },
            Hugepages = known.Hugepages.Count > 0 ? known.Hugepages : Hugepages(files),
        };
    }

    /// <summary>What io.stat has of bytes and operations; the rest has no name in v1.</summary>
    public static BlockIoStatistics BlockIo(string? text)
    {
        List<BlockIoCount> bytes = [];
        List<BlockIoCount> operations = [];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            string[] fields = KernelText.Fields(line.ToString());
            if (fields.Length == 0 || !KernelText.TryDevice(fields[0], out ulong major, out ulong minor))
            {
                continue;
            }

            foreach (string field in fields.AsSpan(1))
            {
                int equals = field.IndexOf('=', StringComparison.Ordinal) + 1;
                (List<BlockIoCount>? list, string operation) = field[..equals] switch
                {
                    "rbytes=" => (bytes, "Read"),
                    "wbytes=" => (bytes, "Write"),
                    "rios=" => (operations, "Read"),
                    "wios=" => (operations, "Write"),
                    _ => (null, ""),
                };
                if (KernelText.Number(field.AsSpan(equals)) is { } value)
                {
                    list?.Add(new(major, minor, operation, value));
                }
            }
        }

        return new() { ServiceBytes = bytes, Serviced = operations };
    }

    private static CpuStatistics Cpu(GroupFiles files)
    {
        IReadOnlyDictionary<string, ulong> times = KernelText.Table(files.Text("cpu.stat"));
        return new()
        {
            Total = times.GetValueOrDefault("usage_usec") * NanosecondsPerMicrosecond,
            User = times.GetValueOrDefault("user_usec") * NanosecondsPerMicrosecond,
            Kernel = times.GetValueOrDefault("system_usec") * NanosecondsPerMicrosecond,
            Periods = times.GetValueOrDefault("nr_periods"),
            ThrottledPeriods = times.GetValueOrDefault("nr_throttled"),
            ThrottledTime = times.GetValueOrDefault("throttled_usec") * NanosecondsPerMicrosecond,
        };
    }

    private static CpusetStatistics Cpuset(GroupFiles files) =>
        new()
        {
            Cpus = KernelText.List(files.Text("cpuset.cpus.effective")),
            Mems = KernelText.List(files.Text("cpuset.mems.effective")),
        };

    private static MemoryStatistics Memory(GroupFiles files)
    {
        IReadOnlyDictionary<string, ulong> raw = KernelText.Table(files.Text("memory.stat"));
        MemoryCounter usage = Counter(files, "memory");
        MemoryCounter swap = Counter(files, "memory.swap");
        return new()
        {
            Cache = raw.GetValueOrDefault("file"),
            Usage = usage,

            // v1 counts memory and swap together; the most of both at a time is not known.
            Swap = new(Sum(swap.Limit, usage.Limit), swap.Usage + usage.Usage, 0, 0),
            Raw = raw,
        };
    }

    private static MemoryCounter Counter(GroupFiles files, string name) =>
        new(files.Number($"{name}.max"), files.Number($"{name}.current"), files.Number($"{name}.peak"), 0);

    private static ulong Sum(ulong one, ulong other) => one > ulong.MaxValue - other ? ulong.MaxValue : one + other;

    // Without the controller the processes are counted.
    private static PidsStatistics Pids(GroupFiles files) =>
        files.Text("pids.current") is null
            ? new((ulong)(files.Text("cgroup.procs")?.Count(character => character == '\n') ?? 0), 0)
            : LegacyStatistics.Pids(files);

    private static Dictionary<string, HugepageStatistics> Hugepages(GroupFiles files)
    {
        Dictionary<string, HugepageStatistics> hugepages = [];
        foreach (string size in HugepageSizes.Read())
        {
            string? usage = files.Text($"hugetlb.{size}.rsvd.current") ?? files.Text($"hugetlb.{size}.current");
            if (KernelText.Number(usage) is { } bytes)
            {
                ulong failures = KernelText.Table(files.Text($"hugetlb.{size}.events")).GetValueOrDefault("max");
                hugepages[size] = new(bytes, 0, failures);
            }
        }

        return hugepages;
    }
}
