using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Mounts of type <c>cgroup</c>: the container's own cgroup and nothing above it. In a cgroup namespace of its own the
/// hierarchies are mounted, which shows them from the container's cgroup on; otherwise its directory is bound.
/// </summary>
internal static class CgroupMountSteps
{
    private const MountFlags Safe = MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC;

    /// <summary>Picks the directories that will be bound; called while the host's tree is visible.</summary>
    public static void Pick(PlanState state, ValidatedSpec spec)
    {
        if (!IsAskedFor(spec) || spec.Namespaces.Has(CloneFlags.CLONE_NEWCGROUP))
        {
            return;
        }

        state.Plan.Group("mounts");
        switch (state.Context.CgroupView)
        {
            case CgroupView.Unified unified:
                state.CgroupSources.Add(SourceSteps.Pick(state, unified.Directory, deep: false));
                break;
            case CgroupView.Split split:
                foreach (CgroupHierarchyView hierarchy in split.Hierarchies)
                {
                    state.CgroupSources.Add(SourceSteps.Pick(state, hierarchy.Directory, deep: false));
                }

                break;
        }
    }

    /// <summary>The container sees its part of cgroup v2 through a namespace, so that it is mounted and not bound.</summary>
    public static bool IsOwnUnified(PlanState state) =>
        state.Context.CgroupView is CgroupView.Unified && state.CgroupSources.Count == 0;

    /// <summary>Writes the mount; <paramref name="made"/> is the file system if it was made before.</summary>
    public static void Write(PlanState state, ValidatedMount mount, Slot? made)
    {
        ContainerPath path = mount.Destination;
        Slot directory = Destinations.Directory(state, path);
        switch (state.Context.CgroupView)
        {
            case CgroupView.Unified when made is not null:
                MountSteps.Attach(state, made, directory, $"mount cgroup2 on '{path}'");
                break;
            case CgroupView.Unified when IsOwnUnified(state):
                MountSteps.MountOn(
                    state,
                    directory,
                    $"mount cgroup2 on '{path}'",
                    "cgroup",
                    "cgroup2",
                    mount.Options.Flags,
                    mount.Options.Data
                );
                break;
            case CgroupView.Unified:
                Bind(state, mount, state.CgroupSources[0]);
                MountSteps.Attach(state, state.CgroupSources[0], directory, $"bind the cgroup on '{path}'");
                break;
            case CgroupView.Split split:
                WriteSplit(state, mount, directory, split);
                break;
            default:
                MountSteps.MountOn(
                    state,
                    directory,
                    $"mount an empty tmpfs on '{path}'",
                    "tmpfs",
                    "tmpfs",
                    Safe | MountFlags.MS_RDONLY,
                    "mode=755,size=0,nr_inodes=1"
                );
                break;
        }

        state.Place(new PlacedMount(path, MountContents.Kernel, null));
    }

    private static bool IsAskedFor(ValidatedSpec spec)
    {
        foreach (ValidatedMount mount in spec.Mounts)
        {
            if (mount.Kind == MountKind.Cgroup)
            {
                return true;
            }
        }

        return false;
    }

    // A tmpfs with a directory for each hierarchy, as on the host.
    private static void WriteSplit(PlanState state, ValidatedMount mount, Slot directory, CgroupView.Split split)
    {
        ContainerPath path = mount.Destination;
        LaunchPlanBuilder plan = state.Plan;
        MountSteps.MountOn(state, directory, $"mount tmpfs on '{path}'", "tmpfs", "tmpfs", Safe, "mode=755");
        Slot top = plan.NewSlot($"the mount on {path}");
        state.Open(top, $"open the mount on '{path}'", state.Root, path.Relative, How.Directory);
        Checks.IsMountRoot(state, top, path.ToString());
        bool mounts = state.CgroupSources.Count == 0;
        if (mounts)
        {
            plan.Call($"enter '{path}'", Syscall.fchdir, top);
        }

        for (int i = 0; i < split.Hierarchies.Length; i++)
        {
            CgroupHierarchyView hierarchy = split.Hierarchies[i];
            string words = $"mount the cgroup hierarchy '{hierarchy.Name}' on '{path}/{hierarchy.Name}'";
            plan.Call(
                $"create the directory '{path}/{hierarchy.Name}'",
                Syscall.mkdirat,
                top,
                hierarchy.Name,
                Argument.Number(0x1ED, ArgumentFormat.Octal)
            );
            if (mounts)
            {
                plan.Call(
                    words,
                    Syscall.mount,
                    "cgroup",
                    hierarchy.Name,
                    "cgroup",
                    Argument.Flags(mount.Options.Flags),
                    hierarchy.Options
                );
            }
            else
            {
                Bind(state, mount, state.CgroupSources[i]);
                plan.Call(
                    words,
                    Syscall.move_mount,
                    state.CgroupSources[i],
                    "",
                    top,
                    hierarchy.Name,
                    Argument.Flags(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH)
                );
            }

            foreach (string link in hierarchy.Links)
            {
                plan.Call($"link '{path}/{link}'", Syscall.symlinkat, hierarchy.Name, top, link);
            }
        }

        if (mount.Options.IsReadOnly)
        {
            MountSteps.SetAttributes(
                state,
                top,
                $"make '{path}' read-only",
                MountAttributeFlags.MOUNT_ATTR_RDONLY,
                0,
                MountFlags.None,
                deep: false
            );
        }
    }

    private static void Bind(PlanState state, ValidatedMount mount, Slot source)
    {
        (MountAttributeFlags set, MountAttributeFlags clear) = MountAttributes.Of(
            mount.Options.Flags,
            mount.Options.Cleared
        );
        if (set != 0 || clear != 0)
        {
            MountSteps.SetAttributes(
                state,
                source,
                "set the attributes of the cgroup's mount",
                set,
                clear,
                MountFlags.None,
                deep: false
            );
        }
    }
}
