using System.Buffers;
using System.Text;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>Finds what no group can be before anything happens.</summary>
internal static class ControlGroupChecks
{
    private const int LongestName = 255;
    private static readonly SearchValues<char> ListCharacters = SearchValues.Create("0123456789,-");

    /// <summary>Checks limits, and a name if one is given.</summary>
    /// <exception cref="ArgumentException">One is none.</exception>
    public static void Check(ControlGroupLimits limits, string? name)
    {
        if (
            name is not null
            && (
                name.Length == 0
                || name is "." or ".."
                || name.AsSpan().ContainsAny('/', '\0', '\n')
                || Encoding.UTF8.GetByteCount(name) > LongestName
            )
        )
        {
            throw new ArgumentException($"'{name}' is no name of a cgroup", nameof(name));
        }

        NotNegative(limits.MemoryMax, nameof(limits.MemoryMax));
        NotNegative(limits.MemoryHigh, nameof(limits.MemoryHigh));
        NotNegative(limits.MemoryLow, nameof(limits.MemoryLow));
        NotNegative(limits.MemoryMin, nameof(limits.MemoryMin));
        NotNegative(limits.SwapMax, nameof(limits.SwapMax));
        NotNegative(limits.SwapHigh, nameof(limits.SwapHigh));
        NotNegative(limits.ZswapMax, nameof(limits.ZswapMax));
        NotNegative(limits.ProcessesMax, nameof(limits.ProcessesMax));
        Share(limits.CpuWeight, nameof(limits.CpuWeight));
        Share(limits.IoWeight, nameof(limits.IoWeight));
        CheckCpus(limits);
        if (limits.CpuPeriod is { TotalMilliseconds: < 1 or > 1000 })
        {
            throw new ArgumentOutOfRangeException(nameof(limits), limits.CpuPeriod, "CpuPeriod: it is not 1 ms to 1 s");
        }

        if (limits.CpuBurst < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(limits), limits.CpuBurst, "CpuBurst: it is negative");
        }

        ProcessScheduler.CheckUtilization(
            limits.CpuUtilizationMin,
            limits.CpuUtilizationMax,
            nameof(limits.CpuUtilizationMin)
        );
        NotNegative(limits.DepthMax, nameof(limits.DepthMax));
        NotNegative(limits.DescendantsMax, nameof(limits.DescendantsMax));
        foreach (DeviceFilterRule? rule in limits.Devices.IsDefault ? [] : limits.Devices)
        {
            if (
                rule is null
                || !Enum.IsDefined(rule.Kind)
                || rule.Access is DeviceAccess.None or < 0 or > DeviceAccess.All
            )
            {
                throw new ArgumentException("Devices: a rule is about no kind of device or no access", nameof(limits));
            }
        }

        foreach (string text in new[] { limits.CpuSet, limits.ExclusiveCpuSet, limits.MemoryNodes }.OfType<string>())
        {
            if (text.Length == 0 || text.AsSpan().ContainsAnyExcept(ListCharacters))
            {
                throw new ArgumentException($"'{text}' is no list of numbers like 0-3,7", nameof(limits));
            }
        }

        NotNull(limits.Files, nameof(limits.Files));
        NotNull(limits.HugePages, nameof(limits.HugePages));
        NotNull(limits.ReservedHugePages, nameof(limits.ReservedHugePages));
        CheckDevices(limits);
        foreach (string file in limits.Files.Keys.Concat(limits.HugePages.Keys).Concat(limits.ReservedHugePages.Keys))
        {
            if (file is "" or "." or ".." || file.AsSpan().ContainsAny('/', '\0'))
            {
                throw new ArgumentException($"'{file}' is no name of a file of a cgroup", nameof(limits));
            }
        }

        foreach ((string file, string value) in limits.Files)
        {
            NotNull(value, $"{nameof(limits.Files)}, {file}");
        }

        foreach (long bytes in limits.HugePages.Values.Concat(limits.ReservedHugePages.Values))
        {
            NotNegative(bytes, nameof(limits.HugePages));
        }
    }

    // The kernel counts in microseconds, of which a period has at least a thousand and so many that 44 bits hold them.
    private static void CheckCpus(ControlGroupLimits limits)
    {
        const double Most = 1_000_000;
        if (limits.Cpus is not (null or > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(limits), limits.Cpus, "Cpus: it is not above zero");
        }

        double period = (limits.CpuPeriod ?? ControlGroupSettings.UsualPeriod).TotalMilliseconds;
        if (limits.Cpus * period < 1 || limits.Cpus is > Most and < double.PositiveInfinity)
        {
            throw new ArgumentOutOfRangeException(
                nameof(limits),
                limits.Cpus,
                $"Cpus: it is less than 1 ms of each period of {period} ms, or above {Most}"
            );
        }
    }

    private static void CheckDevices(ControlGroupLimits limits)
    {
        NotNull(limits.NetworkPriorities, nameof(limits.NetworkPriorities));
        NotNull(limits.Rdma, nameof(limits.Rdma));
        NotNull(limits.Scarce, nameof(limits.Scarce));
        NotNull(limits.DeviceMemory, nameof(limits.DeviceMemory));
        IEnumerable<string> names = limits
            .NetworkPriorities.Keys.Concat(limits.Rdma.Keys)
            .Concat(limits.Scarce.Keys)
            .Concat(limits.DeviceMemory.Keys);
        if (names.FirstOrDefault(name => name.Length == 0 || name.AsSpan().ContainsAny(" \n\0")) is { } bad)
        {
            throw new ArgumentException($"'{bad}' is no name of a device", nameof(limits));
        }

        if (limits.Rdma.Values.Any(limit => limit is null or { Handles: null, Objects: null }))
        {
            throw new ArgumentException("Rdma: a device has no limit", nameof(limits));
        }

        if (limits.Disks.IsDefault || limits.Disks.Any(disk => disk is null || disk.Latency <= TimeSpan.Zero))
        {
            throw new ArgumentException("Disks: one is null, or a latency is not above zero", nameof(limits));
        }

        foreach (DiskLimit disk in limits.Disks)
        {
            NotNegative(disk.ReadBytes, nameof(limits.Disks));
            NotNegative(disk.WriteBytes, nameof(limits.Disks));
            NotNegative(disk.ReadOperations, nameof(limits.Disks));
            NotNegative(disk.WriteOperations, nameof(limits.Disks));
            Share(disk.Weight, nameof(limits.Disks));
        }

        foreach (long amount in limits.Scarce.Values.Concat(limits.DeviceMemory.Values))
        {
            NotNegative(amount, nameof(limits.Scarce));
        }

        foreach (int number in limits.Rdma.Values.SelectMany(limit => new[] { limit.Handles ?? 0, limit.Objects ?? 0 }))
        {
            NotNegative(number, nameof(limits.Rdma));
        }

        foreach (int priority in limits.NetworkPriorities.Values)
        {
            NotNegative(priority, nameof(limits.NetworkPriorities));
        }
    }

    private static void NotNull(object? value, string limit)
    {
        if (value is null)
        {
            throw new ArgumentException($"{limit}: it is null", nameof(value));
        }
    }

    private static void NotNegative(long? value, string limit)
    {
        if (value < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"{limit}: it is negative");
        }
    }

    private static void Share(int? value, string limit)
    {
        if (value is < 1 or > 10_000)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"{limit}: it is not 1 to 10,000");
        }
    }
}
