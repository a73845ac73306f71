using Tare.Launch;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// The kernel's file systems of a container in a user namespace, made before the host's tree goes and attached nowhere.
/// procfs and sysfs the kernel grants only where the mount namespace shows the same uncovered already (mount_namespaces(7)).
/// cgroup2 mount(2) refuses on a mount of cgroup2, which is what lies there below a /sys taken from the host.
/// </summary>
internal static class EarlyMounts
{
    /// <summary>Makes them, each into the slot of its index.</summary>
    public static void Make(PlanState state, ValidatedSpec spec, Slot?[] sources)
    {
        if (!state.InUserNamespace(spec))
        {
            return;
        }

        state.Plan.Group("mounts");
        for (int i = 0; i < sources.Length; i++)
        {
            ValidatedMount mount = spec.Mounts[i];
            if (mount is { Kind: MountKind.FileSystem, Type: "proc" or "sysfs" })
            {
                sources[i] = FileSystemSteps.Make(state, mount);
            }
            else if (mount.Kind == MountKind.Cgroup && CgroupMountSteps.MountsUnified(state))
            {
                sources[i] = FileSystemSteps.Make(state, CgroupMountSteps.Unified(mount));
            }
        }
    }
}
