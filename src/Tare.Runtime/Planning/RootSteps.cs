using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// The change of root, in three parts: what has to be taken along while the host's files are visible, the change itself,
/// and what makes the new root final.
/// </summary>
internal static class RootSteps
{
    /// <summary>What the change of root is called.</summary>
    public const string PivotWords = "make it the root";

    /// <summary>What the search for the place of the root is called.</summary>
    public const string PlaceWords = "find the place of the root file system";

    private const string Group = "root file system";
    private const string ApartWords = "keep mounts from reaching the host";
    private const string EnterWords = "enter the root file system";
    private const string ChrootWords = "make it the root of this process";

    /// <summary>
    /// Cuts the new mount namespace off from the host's: what is mounted here stays here. In one that is not the container's
    /// alone its place is cut off, and nothing else.
    /// </summary>
    public static void Detach(PlanState state, MountFlags propagation)
    {
        state.Plan.Group(Group);
        if (state.Context.Root.Place is { } place)
        {
            CutOff(state, place);
            return;
        }

        state.Plan.Call(
            ApartWords,
            Syscall.mount,
            Argument.Null,
            "/",
            Argument.Null,
            Argument.Flags(MountFlags.MS_REC | Apart(propagation)),
            Argument.Null
        );
    }

    /// <summary>Makes it the root of this process alone.</summary>
    public static void Enter(PlanState state)
    {
        state.Plan.Call(EnterWords, Syscall.fchdir, state.Root);
        state.Plan.Call(ChrootWords, Syscall.chroot, ".");
    }

    /// <summary>Makes the mount that becomes the root.</summary>
    public static void Prepare(PlanState state, MountFlags propagation)
    {
        state.Plan.Group(Group);
        state.Root = state.Context.Root.Write(state.Plan);
        if (state.Context.Root.Place is not null)
        {
            // It is a peer of what it was picked from still.
            MountSteps.SetAttributes(state, state.Root, ApartWords, 0, 0, Apart(propagation), deep: true);
        }
    }

    /// <summary>Makes it the root and lets the host's go.</summary>
    public static void Change(PlanState state)
    {
        LaunchPlanBuilder plan = state.Plan;
        plan.Group(Group);
        if (state.Context.Root.Place is not null)
        {
            Enter(state);
            return;
        }

        plan.Call(EnterWords, Syscall.fchdir, state.Root);

        if (state.Context.NoPivot)
        {
            plan.Call(
                "move the root file system over '/'",
                Syscall.mount,
                ".",
                "/",
                Argument.Null,
                Argument.Flags(MountFlags.MS_MOVE),
                Argument.Null
            );
            plan.Call(ChrootWords, Syscall.chroot, ".");
            return;
        }

        plan.Call(PivotWords, Syscall.pivot_root, ".", ".");
        plan.Call("let the host's root go", Syscall.umount2, ".", Argument.Flags(UnmountFlags.MNT_DETACH));
    }

    /// <summary>Gives the root mount its propagation and makes it read-only.</summary>
    public static void Finish(PlanState state, ValidatedRoot root)
    {
        state.Plan.Group(Group);
        if (root.Propagation != MountFlags.None)
        {
            MountFlags kind = root.Propagation & ~MountFlags.MS_REC;
            bool deep = (root.Propagation & MountFlags.MS_REC) != 0;
            MountSteps.SetAttributes(state, state.Root, "set the propagation of '/'", 0, 0, kind, deep);
        }

        if (root.IsReadOnly)
        {
            MountSteps.SetAttributes(
                state,
                state.Root,
                "make '/' read-only",
                MountAttributeFlags.MOUNT_ATTR_RDONLY,
                0,
                MountFlags.None,
                deep: false
            );
        }
    }

    private static MountFlags Apart(MountFlags propagation) =>
        (propagation & MountFlags.MS_PRIVATE) != 0 ? MountFlags.MS_PRIVATE : MountFlags.MS_SLAVE;

    // A mount of the directory on itself: what is mounted on it is nobody's but the container's.
    private static void CutOff(PlanState state, string place)
    {
        LaunchPlanBuilder plan = state.Plan;
        Slot mount = plan.NewSlot("the place of the root file system");
        plan.CallInto(
            mount,
            PlaceWords,
            Syscall.open_tree,
            Argument.WorkingDirectory,
            place,
            Argument.Flags(
                OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC | OpenTreeFlags.AT_SYMLINK_NOFOLLOW
            )
        );
        plan.Call(
            $"mount '{place}' on itself",
            Syscall.move_mount,
            mount,
            "",
            Argument.WorkingDirectory,
            place,
            Argument.Flags(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH)
        );
        MountSteps.SetAttributes(
            state,
            mount,
            $"keep mounts on '{place}' from reaching others",
            0,
            0,
            MountFlags.MS_PRIVATE,
            deep: false
        );
    }
}
