using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Where a group is to be: in which hierarchies, and below what.</summary>
internal static class ControlGroupPlaces
{
    // What is counted for every group beside processor time, which version 2 counts without a controller.
    private static readonly string[] Counted = ["memory", "pids"];

    /// <summary>Chooses the hierarchies that the limits and the counting need, and opens them.</summary>
    /// <exception cref="KernelException">There is no cgroup hierarchy that can be written to.</exception>
    public static List<ControlGroup.Place> Choose(
        ControlGroupLimits limits,
        IReadOnlyList<ControlGroup.Place>? parents,
        string name
    )
    {
        CgroupLayout layout = ControlGroupLayout.Read().OrThrow("read", "/proc/self/mountinfo", "mount /proc");
        bool hasUnified = layout.Unified is { IsReadOnly: false };
        bool legacy = layout.Mode is CgroupMode.Legacy or CgroupMode.Hybrid;
        HashSet<string> needed = legacy
            ? [.. ControlGroupSettings.Legacy(limits).Select(setting => setting.Controller)]
            : [];
        if (legacy && !limits.Devices.IsDefault)
        {
            needed.Add(ControlGroupDevices.Controller);
        }

        HashSet<string> wanted = legacy ? [.. Counted, .. needed] : [];
        if (!hasUnified)
        {
            wanted.UnionWith(["cpuacct", "freezer"]);
        }

        List<ControlGroup.Place> places = [];
        foreach (CgroupHierarchy hierarchy in layout.Hierarchies)
        {
            bool unified = hierarchy.Version == 2;
            if (hierarchy.IsReadOnly || (!unified && !hierarchy.Controllers.Any(wanted.Contains)))
            {
                continue;
            }

            string? above = parents is null
                ? Above(hierarchy, unified && !legacy && ControlGroupSettings.Unified(limits).Count > 0)
                : parents.FirstOrDefault(parent => parent.Node.Mount.MountPoint == hierarchy.MountPoint)?.Node.Path;
            string leaf = name;
            if (above is null && !unified && hierarchy.Controllers.Any(needed.Contains))
            {
                // The upper group limits nothing there, so that it need not be above; a killed program's is found by its name.
                (above, leaf) = (Above(hierarchy, false), ControlGroupLeftovers.NewName());
            }

            if (above is not null && CgroupMount.Open(hierarchy.MountPoint) is { } mount)
            {
                string path = above.Length == 0 ? leaf : $"{above}/{leaf}";
                places.Add(new(new CgroupNode(mount, path, unified), hierarchy.Controllers));
            }
        }

        return places.Count > 0
            ? places
            : throw new KernelException(
                Errno.ENOENT,
                "create cgroup",
                name,
                "no cgroup hierarchy is mounted that can be written to"
            );
    }

    /// <summary>A group of version 2 that is there.</summary>
    /// <exception cref="KernelException">ENOENT: there is no such hierarchy or group.</exception>
    public static ControlGroup.Place Existing(string path)
    {
        CgroupLayout layout = ControlGroupLayout.Read().OrThrow("read", "/proc/self/mountinfo", "mount /proc");
        if (
            layout.Unified is not { } unified
            || CgroupMount.Open(unified.MountPoint) is not { } mount
            || (path.Length > 0 && !mount.Exists(path))
        )
        {
            throw new KernelException(Errno.ENOENT, "open cgroup", path);
        }

        return new(new CgroupNode(mount, path, IsUnified: true), unified.Controllers);
    }

    /// <summary>The directories of this process's own groups, in which groups are made.</summary>
    public static IEnumerable<(CgroupMount Mount, string Above, bool Unified)> Bases()
    {
        SysResult<CgroupLayout> layout = ControlGroupLayout.Read();
        foreach (CgroupHierarchy hierarchy in layout.Value?.Hierarchies ?? [])
        {
            foreach (
                string above in new[] { Above(hierarchy, false), Above(hierarchy, true) }.OfType<string>().Distinct()
            )
            {
                if (!hierarchy.IsReadOnly && CgroupMount.Open(hierarchy.MountPoint) is { } mount)
                {
                    yield return (mount, above, hierarchy.Version == 2);
                }
            }
        }
    }

    // A group of version 2 that has processes, as this process's has, cannot hand controllers down; only the root can.
    private static string? Above(CgroupHierarchy hierarchy, bool handsDown)
    {
        if (hierarchy.OwnDirectory is not { } directory)
        {
            return null;
        }

        string own = directory[hierarchy.MountPoint.Length..].Trim('/');
        if (!handsDown || own.Length == 0)
        {
            return own;
        }

        int slash = own.LastIndexOf('/');
        return slash < 0 ? "" : own[..slash];
    }
}
