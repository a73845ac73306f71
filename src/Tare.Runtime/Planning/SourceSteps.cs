using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// What is taken along from the host: the sources of bind mounts, picked out of its tree while it is visible, and file
/// systems that lie on something of the host's. They are attached nowhere until <see cref="MountSteps"/> puts them into the
/// container.
/// </summary>
internal static class SourceSteps
{
    private const string Group = "mounts";

    /// <summary>Picks the source of every bind mount into the slot of its index.</summary>
    public static void Pick(PlanState state, ValidatedSpec spec, Slot?[] sources, bool cutOff)
    {
        state.Plan.Group(Group);
        for (int i = 0; i < sources.Length; i++)
        {
            ValidatedMount mount = spec.Mounts[i];
            if (mount.Kind == MountKind.Bind && state.Context.CopiedSymlink(i) is null)
            {
                bool isGiven = mount.IdMap is not null || NeedsLauncher(state, spec);
                sources[i] = isGiven
                    ? Take(state, mount)
                    : Pick(state, mount.Source, mount.Options.IsRecursive, IsFollowed(mount));
                if ((!cutOff || isGiven) && mount.Options.Propagation.IsEmpty)
                {
                    // The host's tree is still shared here; what did not ask to be must not stay so.
                    KeepFromHost(state, mount, sources[i]!);
                }
            }
        }
    }

    /// <summary>
    /// Mounts what is named by paths of the host (a disk, the layers of an overlay) while they mean the host's files. The
    /// mount namespace must be cut off.
    /// </summary>
    public static void MountFileSystems(PlanState state, ValidatedSpec spec, Slot?[] sources)
    {
        state.Plan.Group(Group);
        for (int i = 0; i < sources.Length; i++)
        {
            if (spec.Mounts[i] is { IsOfHost: true } mount)
            {
                sources[i] = MountFileSystem(state, mount);
            }
        }
    }

    /// <summary>Picks a file or directory of the host as a mount that is attached nowhere.</summary>
    public static Slot Pick(PlanState state, string path, bool deep, bool follow = true)
    {
        OpenTreeFlags flags = OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC;
        flags |= follow ? 0 : OpenTreeFlags.AT_SYMLINK_NOFOLLOW;
        Slot source = state.Plan.NewSlot($"the host's {path}");
        state.Plan.CallInto(
            source,
            $"pick the host's '{path}'",
            Syscall.open_tree,
            Argument.WorkingDirectory,
            path,
            Argument.Flags(deep ? flags | OpenTreeFlags.AT_RECURSIVE : flags)
        );
        return source;
    }

    /// <summary>Makes what was picked a slave of the host's tree.</summary>
    internal static void KeepFromHost(PlanState state, ValidatedMount mount, Slot source) =>
        MountSteps.SetAttributes(
            state,
            source,
            $"keep mounts in '{mount.Destination}' from reaching the host",
            0,
            0,
            MountFlags.MS_SLAVE,
            mount.Options.IsRecursive
        );

    // What was no symlink when it was looked at, so as to be copied, must not be followed if it has become one.
    private static bool IsFollowed(ValidatedMount mount) =>
        mount.Options is { ShowsSymlink: false, CopiesSymlink: false };

    // In a user namespace root has no right to directories on the way that are somebody's whom it does not map. Where a mount
    // namespace is joined the launcher would find other files by those paths.
    private static bool NeedsLauncher(PlanState state, ValidatedSpec spec) =>
        state.Context.Privileged
        && spec.Namespaces.Has(CloneFlags.CLONE_NEWUSER)
        && !spec.Namespaces.Joins(CloneFlags.CLONE_NEWNS);

    // It was picked in the launcher's own mount namespace, with the launcher's rights.
    internal static Slot Take(PlanState state, ValidatedMount mount)
    {
        Slot slot = state.Plan.NewInput($"the host's {mount.Source}");
        GivenMountInput input = new(slot, mount.Source, mount.Options.IsRecursive, mount.IdMap)
        {
            IsFollowed = IsFollowed(mount),
        };
        state.Inputs = state.Inputs with { GivenMounts = [.. state.Inputs.GivenMounts, input] };
        return slot;
    }

    // On /proc, which is there on every machine, or a place of its own, and off again: the clone stays.
    private static Slot MountFileSystem(PlanState state, ValidatedMount mount)
    {
        string place = state.Context.Root.Place ?? "/proc";
        string words = $"mount {mount.Type} for '{mount.Destination}'";
        LaunchPlanBuilder plan = state.Plan;
        Slot made = plan.NewSlot($"the file system for {mount.Destination}");
        plan.Call(
            words,
            Syscall.mount,
            mount.Source,
            place,
            mount.Type,
            Argument.Flags(mount.Options.Flags),
            LabelSteps.AddContext(mount.Options.Data, mount.Label) is { Length: > 0 } data ? data : Argument.Null
        );
        plan.CallInto(
            made,
            words,
            Syscall.open_tree,
            Argument.WorkingDirectory,
            place,
            Argument.Flags(OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC)
        );
        plan.Call(words, Syscall.umount2, place, Argument.Flags(UnmountFlags.MNT_DETACH));
        return made;
    }
}
