using System.Globalization;

namespace Tare.Processes;

/// <summary>What limits mean for the files of each version of cgroups, in the order in which they must be written.</summary>
internal static class ControlGroupSettings
{
    /// <summary>The period of a quota where the limits name none.</summary>
    public static readonly TimeSpan UsualPeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>For version 2.</summary>
    public static List<ControlGroupSetting> Unified(ControlGroupLimits limits)
    {
        List<ControlGroupSetting> settings = [];
        AddAmount(settings, "memory", "memory.min", limits.MemoryMin, nameof(limits.MemoryMin));
        AddAmount(settings, "memory", "memory.low", limits.MemoryLow, nameof(limits.MemoryLow));
        AddAmount(settings, "memory", "memory.high", limits.MemoryHigh, nameof(limits.MemoryHigh));
        AddAmount(settings, "memory", "memory.max", limits.MemoryMax, nameof(limits.MemoryMax));
        AddAmount(settings, "memory", "memory.swap.max", limits.SwapMax, nameof(limits.SwapMax));
        AddAmount(settings, "memory", "memory.swap.high", limits.SwapHigh, nameof(limits.SwapHigh));
        AddAmount(settings, "memory", "memory.zswap.max", limits.ZswapMax, nameof(limits.ZswapMax));
        AddFlag(settings, "memory", "memory.zswap.writeback", limits.ZswapWriteback, nameof(limits.ZswapWriteback));
        AddFlag(settings, "memory", "memory.oom.group", limits.OomGroup, nameof(limits.OomGroup));
        AddText(settings, "cpuset", "cpuset.cpus", limits.CpuSet, nameof(limits.CpuSet));
        AddText(settings, "cpuset", "cpuset.cpus.exclusive", limits.ExclusiveCpuSet, nameof(limits.ExclusiveCpuSet));
        AddText(settings, "cpuset", "cpuset.mems", limits.MemoryNodes, nameof(limits.MemoryNodes));
        AddText(settings, "cpuset", "cpuset.cpus.partition", limits.CpuPartition, nameof(limits.CpuPartition));
        if (limits.Cpus is { } cpus)
        {
            string quota = double.IsPositiveInfinity(cpus) ? "max" : Microseconds(Quota(limits, cpus));
            settings.Add(new("cpu", "cpu.max", $"{quota} {Microseconds(Period(limits))}", nameof(limits.Cpus)));
        }

        AddTime(settings, "cpu.max.burst", limits.CpuBurst, nameof(limits.CpuBurst));
        AddAmount(settings, "cpu", "cpu.weight", limits.CpuWeight, nameof(limits.CpuWeight));
        AddFlag(settings, "cpu", "cpu.idle", limits.CpuIdle, nameof(limits.CpuIdle));
        AddUtilization(settings, limits);
        AddAmount(settings, "pids", "pids.max", limits.ProcessesMax, nameof(limits.ProcessesMax));
        AddAmount(settings, "io", "io.weight", limits.IoWeight, nameof(limits.IoWeight));
        foreach (DiskLimit disk in limits.Disks)
        {
            string line =
                $"{disk.Major}:{disk.Minor}"
                + Part(" rbps=", disk.ReadBytes)
                + Part(" wbps=", disk.WriteBytes)
                + Part(" riops=", disk.ReadOperations)
                + Part(" wiops=", disk.WriteOperations);
            if (line.Contains('='))
            {
                settings.Add(new("io", "io.max", line, nameof(limits.Disks)));
            }
        }

        foreach ((string size, long bytes) in limits.HugePages)
        {
            AddAmount(settings, "hugetlb", $"hugetlb.{size}.max", bytes, nameof(limits.HugePages));
        }

        foreach ((string size, long bytes) in limits.ReservedHugePages)
        {
            AddAmount(settings, "hugetlb", $"hugetlb.{size}.rsvd.max", bytes, nameof(limits.ReservedHugePages));
        }

        ControlGroupDeviceSettings.AddUnified(settings, limits);
        AddDepths(settings, limits);
        foreach ((string file, string value) in limits.Files)
        {
            string controller = file[..Math.Max(0, file.IndexOf('.', StringComparison.Ordinal))];
            settings.Add(new(controller == "cgroup" ? "" : controller, file, value, nameof(limits.Files)));
        }

        return settings;
    }

    /// <summary>For version 1.</summary>
    /// <exception cref="NotSupportedException">Something is asked for that only version 2 has.</exception>
    public static List<ControlGroupSetting> Legacy(ControlGroupLimits limits)
    {
        Refuse(limits);
        List<ControlGroupSetting> settings = [];
        AddAmount(settings, "memory", "memory.limit_in_bytes", limits.MemoryMax, nameof(limits.MemoryMax), "-1");
        if (limits.SwapMax is { } swap)
        {
            long both = swap == ControlGroupLimits.Unlimited ? swap : limits.MemoryMax!.Value + swap;
            AddAmount(settings, "memory", "memory.memsw.limit_in_bytes", both, nameof(limits.SwapMax), "-1");
        }

        AddAmount(settings, "memory", "memory.soft_limit_in_bytes", limits.MemoryLow, nameof(limits.MemoryLow), "-1");
        AddText(settings, "cpuset", "cpuset.cpus", limits.CpuSet, nameof(limits.CpuSet));
        AddText(settings, "cpuset", "cpuset.mems", limits.MemoryNodes, nameof(limits.MemoryNodes));
        if (limits.Cpus is { } cpus)
        {
            string quota = double.IsPositiveInfinity(cpus) ? "-1" : Microseconds(Quota(limits, cpus));
            settings.Add(new("cpu", "cpu.cfs_period_us", Microseconds(Period(limits)), nameof(limits.Cpus)));
            settings.Add(new("cpu", "cpu.cfs_quota_us", quota, nameof(limits.Cpus)));
        }

        AddTime(settings, "cpu.cfs_burst_us", limits.CpuBurst, nameof(limits.CpuBurst));
        if (limits.CpuWeight is { } weight)
        {
            // The usual weight, 100, is the usual 1,024 shares.
            AddAmount(settings, "cpu", "cpu.shares", Math.Max(2, weight * 1024L / 100), nameof(limits.CpuWeight));
        }

        AddFlag(settings, "cpu", "cpu.idle", limits.CpuIdle, nameof(limits.CpuIdle));
        AddUtilization(settings, limits);
        AddAmount(settings, "pids", "pids.max", limits.ProcessesMax, nameof(limits.ProcessesMax));
        if (limits.IoWeight is { } share)
        {
            AddAmount(settings, "blkio", "blkio.bfq.weight", Math.Clamp(share, 1, 1000), nameof(limits.IoWeight));
        }

        foreach (DiskLimit disk in limits.Disks)
        {
            AddThrottle(settings, disk, "read_bps", disk.ReadBytes);
            AddThrottle(settings, disk, "write_bps", disk.WriteBytes);
            AddThrottle(settings, disk, "read_iops", disk.ReadOperations);
            AddThrottle(settings, disk, "write_iops", disk.WriteOperations);
        }

        foreach ((string size, long bytes) in limits.HugePages)
        {
            AddAmount(settings, "hugetlb", $"hugetlb.{size}.limit_in_bytes", bytes, nameof(limits.HugePages), "-1");
        }

        foreach ((string size, long bytes) in limits.ReservedHugePages)
        {
            string file = $"hugetlb.{size}.rsvd.limit_in_bytes";
            AddAmount(settings, "hugetlb", file, bytes, nameof(limits.ReservedHugePages), "-1");
        }

        ControlGroupDeviceSettings.AddLegacy(settings, limits);
        AddDepths(settings, limits);
        return settings;
    }

    private static void Refuse(ControlGroupLimits limits)
    {
        string? refused =
            limits.MemoryHigh is not null ? nameof(limits.MemoryHigh)
            : limits.MemoryMin is not null ? nameof(limits.MemoryMin)
            : limits.SwapHigh is not null ? nameof(limits.SwapHigh)
            : limits.ZswapMax is not null ? nameof(limits.ZswapMax)
            : limits.ZswapWriteback is not null ? nameof(limits.ZswapWriteback)
            : limits.ExclusiveCpuSet is not null ? nameof(limits.ExclusiveCpuSet)
            : limits.OomGroup == true ? nameof(limits.OomGroup)
            : !limits.DeviceMemory.IsEmpty ? nameof(limits.DeviceMemory)
            : limits.Disks.Any(disk => disk.Latency is not null)
                ? $"{nameof(limits.Disks)}, {nameof(DiskLimit.Latency)}"
            : limits.CpuPartition is not null ? nameof(limits.CpuPartition)
            : !limits.Files.IsEmpty ? nameof(limits.Files)
            : limits is { SwapMax: not (null or ControlGroupLimits.Unlimited), MemoryMax: null }
                ? $"{nameof(limits.SwapMax)} without {nameof(limits.MemoryMax)}"
            : null;
        if (refused is not null)
        {
            throw new NotSupportedException(
                $"{refused}: cgroup v1 has nothing for it (leave it out, or boot with cgroup v2)"
            );
        }
    }

    private static TimeSpan Period(ControlGroupLimits limits) => limits.CpuPeriod ?? UsualPeriod;

    private static TimeSpan Quota(ControlGroupLimits limits, double cpus) => Period(limits) * cpus;

    private static string Microseconds(TimeSpan time) =>
        ((long)time.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);

    private static string Part(string name, long? value) => value is { } number ? name + Amount(number, "max") : "";

    private static string Amount(long value, string unlimited) =>
        value == ControlGroupLimits.Unlimited ? unlimited : value.ToString(CultureInfo.InvariantCulture);

    // Of the tree itself, which version 2 has beside hierarchies of version 1 too.
    private static void AddDepths(List<ControlGroupSetting> settings, ControlGroupLimits limits)
    {
        AddAmount(settings, "", "cgroup.max.depth", limits.DepthMax, nameof(limits.DepthMax));
        AddAmount(settings, "", "cgroup.max.descendants", limits.DescendantsMax, nameof(limits.DescendantsMax));
    }

    private static void AddUtilization(List<ControlGroupSetting> settings, ControlGroupLimits limits)
    {
        string? least = Percentage(limits.CpuUtilizationMin);
        string? most = Percentage(limits.CpuUtilizationMax);
        AddText(settings, "cpu", "cpu.uclamp.min", least, nameof(limits.CpuUtilizationMin));
        AddText(settings, "cpu", "cpu.uclamp.max", most, nameof(limits.CpuUtilizationMax));
    }

    // To two places, from which the kernel gets the number back.
    private static string? Percentage(int? utilization) =>
        (utilization * 100m / ProcessScheduler.WholeProcessor)?.ToString("0.00", CultureInfo.InvariantCulture);

    private static void AddAmount(
        List<ControlGroupSetting> settings,
        string controller,
        string file,
        long? value,
        string limit,
        string unlimited = "max"
    )
    {
        if (value is { } number)
        {
            settings.Add(new(controller, file, Amount(number, unlimited), limit));
        }
    }

    private static void AddFlag(
        List<ControlGroupSetting> settings,
        string controller,
        string file,
        bool? value,
        string limit
    )
    {
        if (value is { } flag)
        {
            settings.Add(new(controller, file, flag ? "1" : "0", limit));
        }
    }

    private static void AddText(
        List<ControlGroupSetting> settings,
        string controller,
        string file,
        string? value,
        string limit
    )
    {
        if (value is not null)
        {
            settings.Add(new(controller, file, value, limit));
        }
    }

    private static void AddTime(List<ControlGroupSetting> settings, string file, TimeSpan? value, string limit)
    {
        if (value is { } time)
        {
            settings.Add(new("cpu", file, Microseconds(time), limit));
        }
    }

    private static void AddThrottle(List<ControlGroupSetting> settings, DiskLimit disk, string what, long? value)
    {
        if (value is { } number)
        {
            string amount = Amount(number, "0");
            settings.Add(
                new(
                    "blkio",
                    $"blkio.throttle.{what}_device",
                    $"{disk.Major}:{disk.Minor} {amount}",
                    nameof(ControlGroupLimits.Disks)
                )
            );
        }
    }
}
