using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Containers;

namespace Tare.Runtime.Observation;

/// <summary>Compares the limits that the kernel has for a container's groups with what was asked for.</summary>
internal static class CgroupComparison
{
    public static void Compare(
        Container container,
        ContainerCgroup cgroup,
        ResourcesSpec asked,
        List<Difference> differences
    )
    {
        bool own = container.Record.Cgroups.Count > 0;
        if (own && !cgroup.ListProcesses().Contains(container.Record.ProcessId))
        {
            string places = string.Join(", ", cgroup.Groups.Select(group => group.FullPath));
            differences.Add(new("linux.cgroupsPath", places, "the first process is not in it"));
        }

        (IReadOnlyList<CgroupSetting> legacy, IReadOnlyList<CgroupSetting> unified) = cgroup.SettingsOf(asked);
        Compare(cgroup, legacy, isLegacy: true, differences);
        Compare(cgroup, unified, isLegacy: false, differences);
    }

    private static void Compare(
        ContainerCgroup cgroup,
        IReadOnlyList<CgroupSetting> settings,
        bool isLegacy,
        List<Difference> differences
    )
    {
        for (int i = 0; i < settings.Count; i++)
        {
            CgroupSetting setting = settings[i];
            if (IsWrittenAgain(settings, i))
            {
                continue;
            }

            string? text = null;
            string wanted = setting.Value;
            foreach (ContainerCgroup.Group group in cgroup.Groups)
            {
                if (group.IsUnified != isLegacy && (!isLegacy || group.Has(setting.Controller)))
                {
                    text = group.Read(setting.File);
                    if (text is null && setting.Otherwise is { } other)
                    {
                        wanted = other.Value;
                        text = group.Read(other.File);
                    }
                }
            }

            if (text is null ? !setting.Optional : !LimitMatch.Holds(setting.File, wanted, text))
            {
                differences.Add(
                    new(setting.Property, $"{setting.File} {wanted}", text?.TrimEnd('\n') ?? "no such limit")
                );
            }
        }
    }

    // linux.resources.unified has the last word. Files of several lines, one for each device, are written line by line.
    private static bool IsWrittenAgain(IReadOnlyList<CgroupSetting> settings, int index)
    {
        for (int i = index + 1; i < settings.Count; i++)
        {
            if (
                settings[i].File == settings[index].File
                && settings[i].Value.Split(' ')[0] is var first
                && (first == settings[index].Value.Split(' ')[0] || !first.Contains(':', StringComparison.Ordinal))
            )
            {
                return true;
            }
        }

        return false;
    }
}
