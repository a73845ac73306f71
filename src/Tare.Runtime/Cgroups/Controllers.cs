using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Cgroups;

/// <summary>The controllers of cgroup v2: which a group has, and how it gets them from those above it.</summary>
internal static class Controllers
{
    /// <summary>Whether a group has a controller.</summary>
    public static bool Available(CgroupMount mount, string path, string controller) =>
        Names(mount.Read(path.Length == 0 ? "cgroup.controllers" : $"{path}/cgroup.controllers"), controller);

    /// <summary>
    /// Has every group above hand the controllers down that the settings need. A controller that is handed down already
    /// costs nothing but the look.
    /// </summary>
    /// <exception cref="ContainerException">The machine, or the part of the tree that was delegated, lacks one.</exception>
    public static void Enable(ContainerCgroup.Group group, IReadOnlyList<CgroupSetting> settings)
    {
        StringBuilder wanted = new();
        foreach (CgroupSetting setting in settings)
        {
            string one = $"+{setting.Controller} ";
            if (
                !wanted.ToString().Contains(one, StringComparison.Ordinal)
                && !Available(group.Mount, group.Place.Path, setting.Controller)
            )
            {
                if (!Available(group.Mount, "", setting.Controller))
                {
                    throw new ContainerException(Missing(setting));
                }

                wanted.Append(one);
            }
        }

        if (wanted.Length == 0)
        {
            return;
        }

        string value = wanted.ToString().TrimEnd();
        for (int slash = 0; slash >= 0; slash = group.Place.Path.IndexOf('/', slash + 1))
        {
            string file = slash == 0 ? "cgroup.subtree_control" : $"{group.Place.Path[..slash]}/cgroup.subtree_control";
            SysResult written = group.Mount.Write(file, value);
            if (!written.Ok)
            {
                throw new KernelException(
                    written.Errno,
                    $"write '{value}' to",
                    $"{group.Place.MountPoint}/{file}",
                    written.Errno == Errno.EBUSY
                        ? "the group has processes of its own: start this program in a group that was delegated"
                        : "the controller was not delegated to this group"
                );
            }
        }
    }

    /// <summary>The error for something whose controller is not to be had.</summary>
    public static string Missing(CgroupSetting setting) =>
        $"{setting.Property}: there is no cgroup controller '{setting.Controller}' here "
        + $"(mount it, enable it in the kernel's configuration, or leave the limit out)";

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
