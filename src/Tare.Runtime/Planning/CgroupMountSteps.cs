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
        state.BindsCgroups = !spec.Namespaces.Has(CloneFlags.CLONE_NEWCGROUP);
        if (!state.BindsCgroups)
        {
            return;
        }

        state.Plan.Group("mounts");
        foreach (ValidatedMount mount in spec.Mounts)
        {
            if (mount.Kind == MountKind.Cgroup)
            {
                foreach (string directory in Directories(state.Context.CgroupView))
                {
                    state.CgroupSources.Enqueue(SourceSteps.Pick(state, directory, deep: false));
                }
            }
        }
    }

    /// <summary>The container sees its part of cgroup v2 through a namespace, so that it is mounted and not bound.</summary>
    public static bool MountsUnified(PlanState state) =>
        state is { BindsCgroups: false, Context.CgroupView: CgroupView.Unified };

    /// <summary>The mount of cgroup v2 in its place.</summary>
    public static ValidatedMount Unified(ValidatedMount mount) => mount with { Type = "cgroup2", Source = "cgroup" };

    /// <summary>Writes the mount; <paramref name="made"/> is the file system if it was made early.</summary>
    public static void Write(PlanState state, ValidatedMount mount, Slot? made)
    {
        ContainerPath path = mount.Destination;
        Slot directory = Destinations.Directory(state, path);
        switch (state.Context.CgroupView)
        {
            case CgroupView.Unified when MountsUnified(state):
                MountSteps.MountKernels(state, Unified(mount), directory, made: made);
                break;
            case CgroupView.Unified:
                MountSteps.Attach(state, Source(state, mount), directory, $"bind the cgroup on '{path}'");
                break;
            case CgroupView.Split split:
                WriteSplit(state, mount, directory, split);
                break;
            default:
                MountSteps.MountKernels(state, Nothing(mount), directory);
                break;
        }

        state.Place(new PlacedMount(path, MountContents.Kernel, null));
    }

    // An empty tmpfs in its place.
    private static ValidatedMount Nothing(ValidatedMount mount) =>
        mount with
        {
            Type = "tmpfs",
            Source = "tmpfs",
            Options = mount.Options with { Flags = Safe | MountFlags.MS_RDONLY, Data = "mode=755,size=0,nr_inodes=1" },
        };

    private static IEnumerable<string> Directories(CgroupView? view) =>
        view switch
        {
            CgroupView.Unified unified => [unified.Directory],
            CgroupView.Split split => split.Hierarchies.Select(hierarchy => hierarchy.Directory),
            _ => [],
        };

    // A tmpfs with a directory for each hierarchy, as on the host.
    private static void WriteSplit(PlanState state, ValidatedMount mount, Slot directory, CgroupView.Split split)
    {
        ContainerPath path = mount.Destination;
        LaunchPlanBuilder plan = state.Plan;
        MountSteps.MountOn(state, directory, $"mount tmpfs on '{path}'", "tmpfs", "tmpfs", Safe, "mode=755");
        Slot top = plan.NewSlot($"the mount on {path}");
        state.Open(top, $"open the mount on '{path}'", state.Root, path.Relative, How.Directory);
        Checks.IsMountRoot(state, top, path.ToString());
        if (!state.BindsCgroups)
        {
            plan.Call($"enter '{path}'", Syscall.fchdir, top);
        }

        foreach (CgroupHierarchyView hierarchy in split.Hierarchies)
        {
            string words = $"mount the cgroup hierarchy '{hierarchy.Name}' on '{path}/{hierarchy.Name}'";
            plan.Call(
                $"create the directory '{path}/{hierarchy.Name}'",
                Syscall.mkdirat,
                top,
                hierarchy.Name,
                Argument.Number(0x1ED, ArgumentFormat.Octal)
            );
            if (!state.BindsCgroups)
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
                plan.Call(
                    words,
                    Syscall.move_mount,
                    Source(state, mount),
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

        MountSteps.ApplyMore(state, mount, top);
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

    // The next directory of the host, with the mount's attributes.
    private static Slot Source(PlanState state, ValidatedMount mount)
    {
        Slot source = state.CgroupSources.Dequeue();
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

        MountSteps.ApplyMore(state, mount, source);
        return source;
    }
}
