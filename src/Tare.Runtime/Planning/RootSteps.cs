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

    private const string Group = "root file system";

    /// <summary>Cuts the new mount namespace off from the host's: what is mounted here stays here.</summary>
    public static void Detach(PlanState state, MountFlags propagation)
    {
        bool isPrivate = (propagation & MountFlags.MS_PRIVATE) != 0;
        state.Plan.Group(Group);
        state.Plan.Call(
            "keep mounts from reaching the host",
            Syscall.mount,
            Argument.Null,
            "/",
            Argument.Null,
            Argument.Flags(MountFlags.MS_REC | (isPrivate ? MountFlags.MS_PRIVATE : MountFlags.MS_SLAVE)),
            Argument.Null
        );
    }

    /// <summary>Makes the mount that becomes the root.</summary>
    public static void Prepare(PlanState state)
    {
        state.Plan.Group(Group);
        state.Root = state.Context.Root.Write(state.Plan);
    }

    /// <summary>Makes it the root and lets the host's go.</summary>
    public static void Change(PlanState state)
    {
        LaunchPlanBuilder plan = state.Plan;
        plan.Group(Group);
        plan.Call("enter the root file system", Syscall.fchdir, state.Root);
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
            plan.Call("make it the root of this process", Syscall.chroot, ".");
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
}
