using Tare.Oci;
using Tare.Runtime.Cgroups;

namespace Tare.Runtime.Observation;

/// <summary>Reads which limits the kernel has for a container's groups.</summary>
internal static class CgroupObserver
{
    private static readonly string[] Files =
    [
        "memory.limit_in_bytes",
        "memory.memsw.limit_in_bytes",
        "memory.soft_limit_in_bytes",
        "cpu.shares",
        "cpu.cfs_quota_us",
        "cpu.cfs_period_us",
        "memory.max",
        "memory.swap.max",
        "memory.low",
        "memory.high",
        "cpu.weight",
        "cpu.max",
        "io.max",
        "cpuset.cpus",
        "cpuset.mems",
        "pids.max",
        "freezer.state",
        "cgroup.freeze",
    ];

    /// <summary>Reads those that are there, and those that were asked for.</summary>
    public static IReadOnlyList<ObservedGroup> Read(ContainerCgroup cgroup, ResourcesSpec asked)
    {
        List<ObservedGroup> groups = [];
        foreach (ContainerCgroup.Group group in cgroup.Groups)
        {
            SortedDictionary<string, string> values = new(StringComparer.Ordinal);
            foreach (string file in Files)
            {
                Add(values, group, file);
            }

            IReadOnlyList<CgroupSetting> settings = group.IsUnified
                ? cgroup.SettingsOf(asked).Unified
                : cgroup.SettingsOf(asked).Legacy;
            foreach (CgroupSetting setting in settings)
            {
                Add(values, group, setting.File);
                if (setting.Otherwise is { } other)
                {
                    Add(values, group, other.File);
                }
            }

            groups.Add(new ObservedGroup(group.FullPath, group.Place.Controller, values));
        }

        return groups;
    }

    private static void Add(SortedDictionary<string, string> values, ContainerCgroup.Group group, string file)
    {
        if (group.Read(file) is { } text)
        {
            values[file] = text.TrimEnd('\n');
        }
    }
}
