namespace Tare.Runtime.Cgroups;

/// <summary>Stops and continues all processes of a container at once.</summary>
public static class CgroupFreezer
{
    private const string LegacyState = "freezer.state";
    private const int Attempts = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Freezes, and returns when every process stands still.</summary>
    /// <exception cref="ContainerException">There is no freezer, or some process does not stop; nothing is frozen then.</exception>
    public static void Freeze(ContainerCgroup cgroup)
    {
        if (Find(cgroup) is not { } group)
        {
            throw NoFreezer();
        }

        bool frozen = group.IsUnified ? FreezeUnified(group) : FreezeLegacy(group);
        if (!frozen)
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

        (string file, string value) = group.IsUnified ? ("cgroup.freeze", "0") : (LegacyState, "THAWED");
        group.Write(file, value).OrThrow("thaw cgroup", group.FullPath);
        if (group.IsUnified)
        {
            CgroupEvents.WaitFor(group, "frozen 0"u8, Longest);
        }
    }

    /// <summary>The directory of the group by which the processes are stopped; null where there is none.</summary>
    public static string? DirectoryOf(ContainerCgroup cgroup) => Find(cgroup)?.FullPath;

    /// <summary>Whether the processes stand still.</summary>
    public static bool IsFrozen(ContainerCgroup cgroup) => Find(cgroup) is { } group && IsFrozen(group);

    /// <summary>Whether the processes of one group stand still, or are about to.</summary>
    internal static bool IsFrozen(ContainerCgroup.Group group) =>
        group.IsUnified
            ? group.Read("cgroup.freeze")?.StartsWith('1') == true
            : group.Read(LegacyState)?.StartsWith("FR", StringComparison.Ordinal) == true;

    private static bool FreezeUnified(ContainerCgroup.Group group)
    {
        group.Write("cgroup.freeze", "1").OrThrow("freeze cgroup", group.FullPath);
        return CgroupEvents.WaitFor(group, "frozen 1"u8, Longest);
    }

    // Nothing announces that a v1 freezer is done; reading its state is what brings it forward, and a process that was
    // being made while it was written needs it to be written again.
    private static bool FreezeLegacy(ContainerCgroup.Group group)
    {
        for (int i = 0; i < Attempts; i++)
        {
            group.Write(LegacyState, "FROZEN").OrThrow("freeze cgroup", group.FullPath);
            if (group.Read(LegacyState)?.StartsWith("FROZEN", StringComparison.Ordinal) == true)
            {
                return true;
            }

            Thread.Yield();
        }

        return false;
    }

    private static ContainerCgroup.Group? Find(ContainerCgroup cgroup)
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
