using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Cgroups;

/// <summary>The controllers of cgroup v2: which a group has, and how it gets them from those above it.</summary>
internal static class Controllers
{
    /// <summary>Whether a group has a controller.</summary>
    public static bool Available(CgroupMount mount, string path, string controller) =>
        Names(List(mount, path), controller);

    /// <summary>
    /// Has the groups above hand the controllers down that the settings need. Nothing is written to a group that does so
    /// already: that would cost time, and above a delegated part of the tree it would be refused.
    /// </summary>
    /// <exception cref="ContainerException">The machine lacks one.</exception>
    /// <exception cref="KernelException">A group above cannot hand one down.</exception>
    public static void Enable(ContainerCgroup.Group group, IReadOnlyList<CgroupSetting> settings)
    {
        string path = group.Place.Path;
        List<CgroupSetting> missing = Missing(settings, List(group.Mount, path));
        if (missing.Count == 0)
        {
            return;
        }

        if (Missing(missing, List(group.Mount, "")) is [var first, ..])
        {
            throw new ContainerException(Missing(first));
        }

        for (int end = 0; end < path.Length; )
        {
            int next = path.IndexOf('/', end + 1);
            string above = path[..end];
            string below = next < 0 ? path : path[..next];
            HandDown(group, above, Missing(missing, List(group.Mount, below)));
            end = below.Length;
        }
    }

    /// <summary>The error for something whose controller is not to be had.</summary>
    public static string Missing(CgroupSetting setting) =>
        $"{setting.Property}: there is no cgroup controller '{setting.Controller}' here "
        + $"(mount it, enable it in the kernel's configuration, or leave the limit out)";

    private static void HandDown(ContainerCgroup.Group group, string path, List<CgroupSetting> settings)
    {
        if (settings.Count == 0)
        {
            return;
        }

        string value = string.Join(' ', settings.Select(setting => $"+{setting.Controller}").Distinct());
        string file = FileOf(path, "cgroup.subtree_control");
        SysResult written = group.Mount.Write(file, value);
        if (!written.Ok)
        {
            throw new KernelException(
                written.Errno,
                $"write '{value}' to",
                $"{group.Place.MountPoint}/{file}",
                written.Errno == Errno.EBUSY
                    ? "the group has processes of its own: start this program in a group that was delegated"
                    : $"{settings[0].Property}: the controller was not delegated to this group"
            );
        }
    }

    private static List<CgroupSetting> Missing(IReadOnlyList<CgroupSetting> settings, string? list) =>
        [.. settings.Where(setting => setting.Controller.Length > 0 && !Names(list, setting.Controller))];

    private static string? List(CgroupMount mount, string path) => mount.Read(FileOf(path, "cgroup.controllers"));

    private static string FileOf(string path, string file) => path.Length == 0 ? file : $"{path}/{file}";

    private static bool Names(string? list, string controller)
    {
        foreach (Range range in list.AsSpan().Split(' '))
        {
            if (list.AsSpan()[range].Trim().SequenceEqual(controller))
            {
                return true;
            }
        }

        return false;
    }
}
