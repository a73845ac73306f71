using System.Globalization;
using Tare.Oci;

namespace Tare.Runtime.Cgroups;

/// <summary>What <c>linux.resources</c> means for the files of cgroup v2, in the order in which they must be written.</summary>
public static class UnifiedSettings
{
    private const ulong DefaultPeriod = 100_000;

    /// <summary>The settings that <paramref name="resources"/> asks for, without those for devices.</summary>
    /// <exception cref="NotSupportedException">Something is asked for that only cgroup v1 has.</exception>
    public static IReadOnlyList<CgroupSetting> Of(ResourcesSpec resources)
    {
        List<CgroupSetting> settings = [];
        AddMemory(settings, resources.Memory);
        AddCpu(settings, resources.Cpu);
        if (resources.Pids?.Limit is { } pids)
        {
            settings.Add(new("pids", "pids.max", Limit(pids), "linux.resources.pids.limit"));
        }

        DeviceSettings.AddUnified(settings, resources);

        // Last, so that they have the last word.
        settings.AddRange(Files(resources));
        return settings;
    }

    private static IEnumerable<CgroupSetting> Files(ResourcesSpec resources) =>
        resources.Unified.Select(entry => new CgroupSetting(
            ControllerOf(entry.Key),
            entry.Key,
            entry.Value,
            $"linux.resources.unified.{entry.Key}"
        ));

    // What begins with "cgroup." every group has.
    private static string ControllerOf(string file)
    {
        string controller = file[..file.IndexOf('.', StringComparison.Ordinal)];
        return controller == "cgroup" ? "" : controller;
    }

    private static void AddMemory(List<CgroupSetting> settings, MemorySpec? memory)
    {
        if (memory is null)
        {
            return;
        }

        if (memory.Swappiness is not null)
        {
            throw OnlyLegacy("linux.resources.memory.swappiness", "leave it out");
        }

        if (memory.Kernel is not (null or 0))
        {
            throw OnlyLegacy("linux.resources.memory.kernel", "leave it out");
        }

        if (memory.KernelTcp is not (null or 0))
        {
            throw OnlyLegacy("linux.resources.memory.kernelTCP", "leave it out");
        }

        if (memory.DisableOomKiller == true)
        {
            throw OnlyLegacy("linux.resources.memory.disableOOMKiller", "leave it out");
        }

        if (memory.Limit is { } limit)
        {
            settings.Add(new("memory", "memory.max", Limit(limit), "linux.resources.memory.limit"));
        }

        if (memory.Swap is { } swap)
        {
            settings.Add(new("memory", "memory.swap.max", Swap(swap, memory.Limit), "linux.resources.memory.swap"));
        }

        if (memory.Reservation is { } reservation)
        {
            settings.Add(new("memory", "memory.low", Limit(reservation), "linux.resources.memory.reservation"));
        }
    }

    /// <summary>v1 limits memory and swap together, v2 swap alone.</summary>
    private static string Swap(long swap, long? limit)
    {
        if (swap < 0)
        {
            return "max";
        }

        if (limit is not >= 0)
        {
            throw new NotSupportedException(
                "linux.resources.memory.swap: cannot be had on cgroup v2 without linux.resources.memory.limit (set both)"
            );
        }

        if (swap < limit)
        {
            throw new NotSupportedException(
                "linux.resources.memory.swap: is below linux.resources.memory.limit, which it includes (raise it)"
            );
        }

        return (swap - limit.Value).ToString(CultureInfo.InvariantCulture);
    }

    private static void AddCpu(List<CgroupSetting> settings, CpuSpec? cpu)
    {
        if (cpu is null)
        {
            return;
        }

        if (cpu.RealtimeRuntime is not (null or 0))
        {
            throw OnlyLegacy("linux.resources.cpu.realtimeRuntime", "leave it out");
        }

        if (cpu.RealtimePeriod is not (null or 0))
        {
            throw OnlyLegacy("linux.resources.cpu.realtimePeriod", "leave it out");
        }

        if (cpu.Idle is { } idle)
        {
            string value = idle.ToString(CultureInfo.InvariantCulture);
            settings.Add(new("cpu", "cpu.idle", value, "linux.resources.cpu.idle") { Optional = idle == 0 });
        }

        if (cpu.Shares is > 0 and { } shares && cpu.Idle is not 1)
        {
            string weight = CpuWeight.FromShares(shares).ToString(CultureInfo.InvariantCulture);
            settings.Add(new("cpu", "cpu.weight", weight, "linux.resources.cpu.shares"));
        }

        if (cpu.Quota is not (null or 0) || cpu.Period is > 0)
        {
            string quota = cpu.Quota is > 0 ? cpu.Quota.Value.ToString(CultureInfo.InvariantCulture) : "max";
            ulong period = cpu.Period is > 0 ? cpu.Period.Value : DefaultPeriod;
            string property = cpu.Quota is null ? "linux.resources.cpu.period" : "linux.resources.cpu.quota";
            settings.Add(
                new("cpu", "cpu.max", string.Create(CultureInfo.InvariantCulture, $"{quota} {period}"), property)
            );
        }

        if (cpu.Burst is { } burst)
        {
            string value = burst.ToString(CultureInfo.InvariantCulture);
            settings.Add(new("cpu", "cpu.max.burst", value, "linux.resources.cpu.burst") { Optional = burst == 0 });
        }

        if (!string.IsNullOrEmpty(cpu.Cpus))
        {
            settings.Add(new("cpuset", "cpuset.cpus", cpu.Cpus, "linux.resources.cpu.cpus"));
        }

        if (!string.IsNullOrEmpty(cpu.Mems))
        {
            settings.Add(new("cpuset", "cpuset.mems", cpu.Mems, "linux.resources.cpu.mems"));
        }
    }

    private static string Limit(long value) => value < 0 ? "max" : value.ToString(CultureInfo.InvariantCulture);

    internal static NotSupportedException OnlyLegacy(string property, string remedy) =>
        new($"{property}: cgroup v2 has nothing like it ({remedy})");
}
