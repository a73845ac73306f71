using Tare.Linux;
using Tare.Runtime.Systemd;

namespace Tare.Runtime.Cgroups;

/// <summary>Removes the cgroups of a container, with what was made below them.</summary>
public static class CgroupRemoval
{
    /// <summary>Removes the groups whose processes have ended, and the groups above that were made for them.</summary>
    /// <exception cref="KernelException">EBUSY: processes are left.</exception>
    public static void Remove(ContainerCgroup cgroup)
    {
        if (cgroup.Unit is not null)
        {
            TryStop(cgroup);
        }

        KernelException? failure = null;
        foreach (ContainerCgroup.Group group in cgroup.Groups)
        {
            if (group.Place.Made == 0)
            {
                continue;
            }

            SysResult removed = group.Node.RemoveTree();
            if (!removed.Ok)
            {
                failure ??= new KernelException(removed.Errno, "remove cgroup", group.FullPath);
                continue;
            }

            RemoveAbove(group);
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>
    /// Removes the groups if they are empty. Nothing is waited for; what is removed stays so where another group is not
    /// empty.
    /// </summary>
    /// <returns>False if some group is not empty, or is not the runtime's to remove.</returns>
    public static bool TryRemove(ContainerCgroup cgroup)
    {
        if (cgroup.Unit is not null)
        {
            return false;
        }

        foreach (ContainerCgroup.Group group in cgroup.Groups)
        {
            if (group.Place.Made > 0 && !group.Mount.Remove(group.Place.Path).Ok)
            {
                return false;
            }
        }

        foreach (ContainerCgroup.Group group in cgroup.Groups)
        {
            RemoveAbove(group);
        }

        return true;
    }

    // Where systemd cannot be asked the group can still be removed, which is what systemd notices.
    private static void TryStop(ContainerCgroup cgroup)
    {
        try
        {
            SystemdScope.Remove(cgroup.Unit!);
        }
        catch (ContainerException)
        {
            // What is left of the group is removed next, or said to be left.
        }
    }

    private static void RemoveAbove(ContainerCgroup.Group group)
    {
        string path = group.Place.Path;
        for (int i = 1; i < group.Place.Made; i++)
        {
            int slash = path.LastIndexOf('/');
            if (slash < 0)
            {
                return;
            }

            // Another container may have moved in; then the group stays, and so do those above it.
            path = path[..slash];
            if (!group.Mount.Remove(path).Ok)
            {
                return;
            }
        }
    }
}
