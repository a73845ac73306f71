using System.Globalization;
using Tare.Runtime.Cgroups;
using Tare.Runtime.DBus;
using Tare.Runtime.Statistics;

namespace Tare.Runtime.Systemd;

/// <summary>
/// What limits are called where systemd sets them. They are written to the cgroup's files besides; but what systemd does not
/// know of it would write over when its configuration is reloaded. What it has no property for is in the files alone.
/// systemd.resource-control(5).
/// </summary>
internal static class ResourceProperties
{
    private const ulong MicrosecondsPerSecond = 1_000_000;

    // systemd keeps the quota in whole percents of a processor, and a group below must not be held back by the rest.
    private const ulong Percent = 10_000;

    /// <summary>The properties that stand for settings; each at most once, the last setting's.</summary>
    /// <param name="settings">Settings of cgroup v2, in the order in which they are written.</param>
    /// <param name="version">The version of systemd, which decides what it knows.</param>
    public static IReadOnlyList<UnitProperty> Of(IReadOnlyList<CgroupSetting> settings, int version)
    {
        List<UnitProperty> properties = [];
        foreach (CgroupSetting setting in settings)
        {
            switch (setting.File)
            {
                case "memory.max":
                    AddAmount(properties, "MemoryMax", setting.Value, least: 1);
                    break;
                case "memory.high":
                    AddAmount(properties, "MemoryHigh", setting.Value, least: 1);
                    break;
                case "memory.low":
                    AddAmount(properties, "MemoryLow", setting.Value);
                    break;
                case "memory.min":
                    AddAmount(properties, "MemoryMin", setting.Value);
                    break;
                case "memory.swap.max":
                    AddAmount(properties, "MemorySwapMax", setting.Value);
                    break;
                case "pids.max":
                    AddAmount(properties, "TasksMax", setting.Value, least: 1);
                    break;
                case "cpu.weight":
                    AddNumber(properties, "CPUWeight", setting.Value);
                    break;
                case "cpu.idle" when setting.Value == "1" && version >= 252:
                    Set(properties, "CPUWeight", DBusVariant.Of(0ul));
                    break;
                case "cpu.max":
                    AddQuota(properties, setting.Value, version);
                    break;
                case "cpuset.cpus" when version >= 244:
                    AddSet(properties, "AllowedCPUs", setting.Value);
                    break;
                case "cpuset.mems" when version >= 244:
                    AddSet(properties, "AllowedMemoryNodes", setting.Value);
                    break;
                default:
                    DeviceProperties.Add(properties, setting);
                    break;
            }
        }

        return properties;
    }

    /// <summary>Adds a property, in place of one of that name.</summary>
    internal static void Set(List<UnitProperty> properties, string name, DBusVariant value)
    {
        properties.RemoveAll(property => property.Name == name);
        properties.Add(new UnitProperty(name, value));
    }

    // What is no number the kernel judges, and it says more about it than systemd does.
    private static void AddAmount(List<UnitProperty> properties, string name, string value, ulong least = 0)
    {
        if (value.Trim() == "max")
        {
            Set(properties, name, DBusVariant.Of(ulong.MaxValue));
        }
        else if (KernelText.Amount(value) is { } amount)
        {
            Set(properties, name, DBusVariant.Of(Math.Max(amount, least)));
        }
    }

    private static void AddNumber(List<UnitProperty> properties, string name, string value)
    {
        if (Number(value.Trim()) is > 0 and { } number)
        {
            Set(properties, name, DBusVariant.Of(number));
        }
    }

    private static void AddQuota(List<UnitProperty> properties, string value, int version)
    {
        string[] parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        ulong? period = parts.Length > 1 ? Number(parts[1]) : null;
        if (parts.Length == 0 || (parts.Length > 1 && period is null or 0))
        {
            return;
        }

        if (version >= 242)
        {
            Set(properties, "CPUQuotaPeriodUSec", DBusVariant.Of(period ?? 100_000));
        }

        if (parts[0] == "max")
        {
            Set(properties, "CPUQuotaPerSecUSec", DBusVariant.Of(ulong.MaxValue));
        }
        else if (Number(parts[0]) is > 0 and <= ulong.MaxValue / MicrosecondsPerSecond and { } quota)
        {
            ulong perSecond = quota * MicrosecondsPerSecond / (period ?? 100_000);
            ulong rounded = (perSecond + Percent - 1) / Percent * Percent;
            Set(properties, "CPUQuotaPerSecUSec", DBusVariant.Of(rounded));
        }
    }

    private static void AddSet(List<UnitProperty> properties, string name, string value)
    {
        if (CpuMask.TryParse(value) is { } mask)
        {
            Set(properties, name, DBusVariant.Of(mask));
        }
    }

    internal static ulong? Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null;
}
