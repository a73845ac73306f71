using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>
/// Mounts that the launcher picks and hands over, because it takes its rights: where the way to the source is closed to the
/// container's root, and where files get other owners than on the host. mount_setattr(2), MOUNT_ATTR_IDMAP.
/// </summary>
internal static class GivenMounts
{
    /// <summary>Makes one, attached nowhere.</summary>
    /// <returns>The mount; the caller's.</returns>
    /// <exception cref="KernelException">The source is missing, or its file system cannot be mapped.</exception>
    public static MountFd Make(GivenMountInput wanted)
    {
        OpenTreeFlags flags = OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC;
        flags |= wanted.IsFollowed ? 0 : OpenTreeFlags.AT_SYMLINK_NOFOLLOW;
        MountFd mount = Mounts
            .OpenTree(null, wanted.Source, wanted.WithMountsBelow ? flags | OpenTreeFlags.AT_RECURSIVE : flags)
            .OrThrow("pick the host's", wanted.Source);
        try
        {
            if (wanted.Map is { } owners)
            {
                Map(mount, wanted.Source, owners);
            }

            return mount;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }

    private static void Map(MountFd mount, string source, ValidatedIdMap owners)
    {
        using NamespaceFd map = MakeNamespace(owners.Uids, owners.Gids);
        SysResult mapped = Mounts.IdMap(mount, map, owners.WithMountsBelow);
        mapped.OrThrow(
            "map the owners of",
            source,
            mapped.Errno == Errno.EINVAL ? "its file system, or one below it, cannot be mapped (leave idmap out)" : null
        );
    }

    // A user namespace lives as long as somebody has it open; its maps are written from outside.
    private static NamespaceFd MakeNamespace(ImmutableArray<IdMapping> uids, ImmutableArray<IdMapping> gids)
    {
        LaunchPlanBuilder plan = new() { CloneFlags = CloneFlags.CLONE_NEWUSER };
        plan.Group("mounts");
        int gate = plan.Gate("wait until the namespace of a mapped mount is open");
        plan.Call("end", Syscall.exit_group, 0);
        using PendingLaunch launch = Launcher.Begin(plan.Build());
        launch.WaitForGate(gate);
        new UserNamespaceMaps(uids, gids, Privileged: true).Write(launch.ProcessId);
        return Namespaces.OpenPath($"/proc/{launch.ProcessId}/ns/user").OrThrow("open the namespace of a mapped mount");
    }
}
