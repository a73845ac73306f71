using Tare.Runtime.State;

namespace Tare.Runtime.Cgroups;

/// <summary>Stops and continues all processes of a container at once.</summary>
public static class CgroupFreezer
{
    /// <summary>Opens only those of a container's cgroups that processes are stopped by; the caller's.</summary>
    public static ContainerCgroup Open(ContainerRecord record)
    {
        List<CgroupPlace> places = [];
        foreach (CgroupPlace place in record.Cgroups)
        {
            if (place.Controller.Length == 0 || place.Controller.Contains("freezer", StringComparison.Ordinal))
            {
                places.Add(place);
            }
        }

        return ContainerCgroup.Open(places, record.Unit);
    }

    /// <summary>Freezes, and returns when every process stands still.</summary>
    /// <exception cref="ContainerException">There is no freezer, or some process does not stop; nothing is frozen then.</exception>
    public static void Freeze(ContainerCgroup cgroup)
    {
        if (Find(cgroup) is not { } group)
        {
            throw NoFreezer();
        }

        if (!group.Node.Freeze())
        {
            Thaw(cgroup);
            throw new ContainerException(
                $"freeze cgroup '{group.FullPath}': some process does not stop (it waits for a device or a file system)"
            );
        }
    }

    /// <summary>Lets the processes go on; no error if they were not frozen.</summary>
    /// <exception cref="ContainerException">There is no freezer.</exception>
    public static void Thaw(ContainerCgroup cgroup)
    {
        if (Find(cgroup) is not { } group)
        {
            throw NoFreezer();
        }

        group.Node.Thaw();
    }

    /// <summary>Lets what has been killed die: a frozen process of cgroup v1 does so only when it is thawed.</summary>
    public static void LetDie(ContainerCgroup cgroup)
    {
        if (Find(cgroup) is { IsUnified: false } group && group.Node.IsFrozen)
        {
            group.Node.Thaw();
        }
    }

    /// <summary>The directory of the group by which the processes are stopped; null where there is none.</summary>
    public static string? DirectoryOf(ContainerCgroup cgroup) => Find(cgroup)?.FullPath;

    /// <summary>Whether the processes stand still.</summary>
    public static bool IsFrozen(ContainerCgroup cgroup) => Find(cgroup) is { } group && group.Node.IsFrozen;

    /// <summary>The group by which the processes are stopped; null where there is none.</summary>
    internal static ContainerCgroup.Group? Find(ContainerCgroup cgroup)
    {
        if (cgroup.Unified is { } unified && unified.HasFile("cgroup.freeze"))
        {
            return unified;
        }

        foreach (ContainerCgroup.Group group in cgroup.Groups)
        {
            if (group.Has("freezer"))
            {
                return group;
            }
        }

        return null;
    }

    private static ContainerException NoFreezer() =>
        new("the container has no cgroup that can be frozen (run it as root, or with a delegated cgroup)");
}
