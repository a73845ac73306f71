using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Containers;

/// <summary>
/// Mounts whose files have other owners than on the host. Only who has privileges over the file system may make them, so
/// they are made by the launcher and handed over. mount_setattr(2), MOUNT_ATTR_IDMAP.
/// </summary>
internal static class MappedMounts
{
    /// <summary>Makes one, attached nowhere.</summary>
    /// <returns>The mount; the caller's.</returns>
    /// <exception cref="KernelException">The source is missing, or its file system cannot be mapped.</exception>
    public static MountFd Make(MappedMountInput wanted)
    {
        OpenTreeFlags flags = OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC;
        MountFd mount = Mounts
            .OpenTree(null, wanted.Source, wanted.WithMountsBelow ? flags | OpenTreeFlags.AT_RECURSIVE : flags)
            .OrThrow("pick the host's", wanted.Source);
        try
        {
            using NamespaceFd map = MakeNamespace(wanted.Uids, wanted.Gids);
            SysResult mapped = Mounts.IdMap(mount, map, wanted.MapsBelow);
            mapped.OrThrow(
                "map the owners of",
                wanted.Source,
                mapped.Errno == Errno.EINVAL
                    ? "its file system, or one below it, cannot be mapped (leave idmap out)"
                    : null
            );
            return mount;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
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
