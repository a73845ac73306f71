using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Containers;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Cgroups;

/// <summary>
/// Gives a container's cgroup to its program's user, so that the program can make groups of its own below. Only on cgroup
/// v2, where that is safe, in a cgroup namespace of the container's own, and where the cgroup is mounted to be written to.
/// OCI runtime specification, config-linux.md, "Cgroup ownership".
/// </summary>
internal static class CgroupDelegation
{
    /// <summary>Changes the owner of the group and of the files that the kernel's list names; of nothing else.</summary>
    /// <exception cref="KernelException">The kernel refuses it.</exception>
    public static void Apply(ContainerCgroup cgroup, ValidatedSpec spec)
    {
        // An ordinary user's group is that user's already, and cannot be given away.
        if (
            !Privileges.IsRoot
            || cgroup.Groups is not [{ IsUnified: true } group]
            || !IsWanted(spec)
            || OwnerOf(spec) is not { } owner
            || owner == Credentials.GetEffectiveUid()
        )
        {
            return;
        }

        using DirectoryFd directory = group.Mount.OpenDirectory(group.Place.Path);
        CgroupGift.Give(directory, group.FullPath, owner, Credentials.Unchanged);
    }

    private static bool IsWanted(ValidatedSpec spec)
    {
        if (spec.Namespaces.Makes(CloneFlags.CLONE_NEWCGROUP))
        {
            foreach (ValidatedMount mount in spec.Mounts)
            {
                if (
                    mount is { Kind: MountKind.Cgroup, Options.IsReadOnly: false }
                    && mount.Destination.ToString() == "/sys/fs/cgroup"
                )
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Null where it is not known: in a user namespace that is joined.
    private static uint? OwnerOf(ValidatedSpec spec)
    {
        if (!spec.Namespaces.Has(CloneFlags.CLONE_NEWUSER))
        {
            return spec.Process.Uid;
        }

        foreach (IdMapping mapping in spec.UidMappings)
        {
            if (spec.Process.Uid >= mapping.ContainerId && spec.Process.Uid - mapping.ContainerId < mapping.Size)
            {
                return mapping.HostId + (spec.Process.Uid - mapping.ContainerId);
            }
        }

        return null;
    }
}
