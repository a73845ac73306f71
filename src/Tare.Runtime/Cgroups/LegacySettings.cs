using System.Globalization;
using Tare.Oci;

namespace Tare.Runtime.Cgroups;

/// <summary>What <c>linux.resources</c> means for the files of cgroup v1, in the order in which they must be written.</summary>
public static class LegacySettings
{
    /// <summary>The settings that <paramref name="resources"/> asks for, without those for devices.</summary>
    public static IReadOnlyList<CgroupSetting> Of(ResourcesSpec resources)
    {
        List<CgroupSetting> settings = [];
        AddMemory(settings, resources.Memory);
        AddCpu(settings, resources.Cpu);
        if (resources.Pids?.Limit is { } pids)
        {
            string value = pids < 0 ? "max" : pids.ToString(CultureInfo.InvariantCulture);
            settings.Add(new("pids", "pids.max", value, "linux.resources.pids.limit"));
        }

        DeviceSettings.AddLegacy(settings, resources);
        return settings;
    }

    private static void AddMemory(List<CgroupSetting> settings, MemorySpec? memory)
    {
        if (memory is null)
        {
            return;
        }

        // The limit goes before the one of memory and swap, which must not lie below it.
        Add(settings, "memory", "memory.limit_in_bytes", memory.Limit, "memory.limit");
        Add(settings, "memory", "memory.memsw.limit_in_bytes", memory.Swap, "memory.swap");
        Add(settings, "memory", "memory.soft_limit_in_bytes", memory.Reservation, "memory.reservation");
        Add(settings, "memory", "memory.swappiness", (long?)memory.Swappiness, "memory.swappiness");
        Add(
            settings,
            "memory",
            "memory.kmem.limit_in_bytes",
            memory.Kernel is 0 ? null : memory.Kernel,
            "memory.kernel"
        );
        Add(
            settings,
            "memory",
            "memory.kmem.tcp.limit_in_bytes",
            memory.KernelTcp is 0 ? null : memory.KernelTcp,
            "memory.kernelTCP"
        );
        if (memory.UseHierarchy is { } hierarchy)
        {
            settings.Add(
                new("memory", "memory.use_hierarchy", hierarchy ? "1" : "0", "linux.resources.memory.useHierarchy")
                {
                    Optional = hierarchy,
                }
            );
        }

        if (memory.DisableOomKiller is { } disable)
        {
            settings.Add(
                new("memory", "memory.oom_control", disable ? "1" : "0", "linux.resources.memory.disableOOMKiller")
                {
                    Optional = !disable,
                }
            );
        }
    }

    private static void AddCpu(List<CgroupSetting> settings, CpuSpec? cpu)
    {
        if (cpu is null)
        {
            return;
        }

        if (cpu.Shares is > 0)
        {
            Add(settings, "cpu", "cpu.shares", (long)Math.Min(cpu.Shares.Value, long.MaxValue), "cpu.shares");
        }

        // The period goes before the quota, which the kernel compares with it; the burst must not exceed the quota.
        if (cpu.Period is > 0)
        {
            Add(settings, "cpu", "cpu.cfs_period_us", (long)Math.Min(cpu.Period.Value, long.MaxValue), "cpu.period");
        }

        if (cpu.Quota is not (null or 0))
        {
            Add(settings, "cpu", "cpu.cfs_quota_us", cpu.Quota < 0 ? -1 : cpu.Quota, "cpu.quota");
        }

        if (cpu.Burst is { } burst)
        {
            Add(settings, "cpu", "cpu.cfs_burst_us", (long)Math.Min(burst, long.MaxValue), "cpu.burst", burst == 0);
        }

        Add(settings, "cpu", "cpu.idle", cpu.Idle, "cpu.idle", cpu.Idle == 0);
        if (cpu.RealtimePeriod is > 0 and { } period)
        {
            Add(settings, "cpu", "cpu.rt_period_us", (long)Math.Min(period, long.MaxValue), "cpu.realtimePeriod");
        }

        Add(settings, "cpu", "cpu.rt_runtime_us", cpu.RealtimeRuntime, "cpu.realtimeRuntime");
        if (!string.IsNullOrEmpty(cpu.Cpus))
        {
            settings.Add(new("cpuset", "cpuset.cpus", cpu.Cpus, "linux.resources.cpu.cpus"));
        }

        if (!string.IsNullOrEmpty(cpu.Mems))
        {
            settings.Add(new("cpuset", "cpuset.mems", cpu.Mems, "linux.resources.cpu.mems"));
        }
    }

    private static void Add(
        List<CgroupSetting> settings,
        string controller,
        string file,
        long? value,
        string property,
        bool optional = false
    )
    {
        if (value is { } number)
        {
            string text = number.ToString(CultureInfo.InvariantCulture);
            settings.Add(new(controller, file, text, "linux.resources." + property) { Optional = optional });
        }
    }
}
