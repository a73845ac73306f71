using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Cgroups;

/// <summary>The controllers of cgroup v2 that a container's limits need.</summary>
internal static class Controllers
{
    /// <summary>
    /// Has the groups above hand the controllers down that the settings need.
    /// </summary>
    /// <exception cref="ContainerException">The machine lacks one.</exception>
    /// <exception cref="KernelException">A group above cannot hand one down.</exception>
    public static void Enable(ContainerCgroup.Group group, IReadOnlyList<CgroupSetting> settings)
    {
        string[] needed = [.. settings.Select(setting => setting.Controller).Where(name => name.Length > 0).Distinct()];
        IReadOnlyList<string> missing = CgroupControllers.Missing(group.Mount, group.Place.Path, needed);
        if (missing.Count == 0)
        {
            return;
        }

        if (CgroupControllers.Missing(group.Mount, "", missing) is [var none, ..])
        {
            throw new ContainerException(Missing(SettingOf(settings, none)));
        }

        if (CgroupControllers.HandDown(group.Node, missing) is { } failure)
        {
            throw new KernelException(
                failure.Errno,
                $"write '{failure.Value}' to",
                failure.File,
                failure.Errno == Errno.EBUSY
                    ? "the group has processes of its own: start this program in a group that was delegated"
                    : $"{SettingOf(settings, failure.First).Property}: the controller was not delegated to this group"
            );
        }
    }

    /// <summary>The error for something whose controller is not to be had.</summary>
    public static string Missing(CgroupSetting setting) =>
        $"{setting.Property}: there is no cgroup controller '{setting.Controller}' here "
        + $"(mount it, enable it in the kernel's configuration, or leave the limit out)";

    private static CgroupSetting SettingOf(IReadOnlyList<CgroupSetting> settings, string controller) =>
        settings.First(setting => setting.Controller == controller);
}
