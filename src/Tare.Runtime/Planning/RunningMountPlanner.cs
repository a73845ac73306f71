using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Writes the plans that add a mount to a container that runs and take one away. They join its namespaces, so that every
/// path resolves inside of it; what a bind mount shows is picked outside before, and handed in.
/// </summary>
internal static class RunningMountPlanner
{
    private const CloneFlags Joined =
        CloneFlags.CLONE_NEWUSER
        | CloneFlags.CLONE_NEWNS
        | CloneFlags.CLONE_NEWNET
        | CloneFlags.CLONE_NEWIPC
        | CloneFlags.CLONE_NEWCGROUP;

    /// <summary>Plans the addition of a bind mount, a change, or one of the kernel's file systems that has no PID namespace.</summary>
    public static PlannedLaunch Add(ValidatedMount mount, ExecTarget target)
    {
        PlanState state = Begin();
        Slot? source = mount.Kind == MountKind.Bind ? SourceSteps.Take(state, mount) : null;
        Join(state, target);
        if (source is not null && mount.Options.Propagation.IsEmpty)
        {
            SourceSteps.KeepFromHost(state, mount, source);
        }

        MountSteps.Write(state, mount, source);
        foreach (DeferredReadOnly later in state.Deferred)
        {
            MountSteps.SetAttributes(
                state,
                later.Mount,
                $"make '{later.Path}' read-only",
                MountAttributeFlags.MOUNT_ATTR_RDONLY,
                0,
                MountFlags.None,
                later.WithAllBelow
            );
        }

        return End(state);
    }

    /// <summary>
    /// Plans the removal of what is mounted at a path last. No symlink leads there, and a mount's place cannot be renamed:
    /// what is taken away is the mount of that name.
    /// </summary>
    public static PlannedLaunch Remove(ContainerPath path, ExecTarget target)
    {
        PlanState state = Begin();
        LaunchPlanBuilder plan = state.Plan;
        Join(state, target);
        plan.Group("mounts");
        Slot mount = plan.NewSlot($"the mount on {path}");
        Slot parent = plan.NewSlot(path.Parent.ToString());
        state.Open(mount, $"open '{path}'", state.Root, path.Relative, How.PlainAny);
        Checks.IsMountRoot(state, mount, path.ToString(), $"make sure that something is mounted on '{path}'");
        state.Open(
            parent,
            $"open '{path.Parent}'",
            state.Root,
            path.Parent.IsRoot ? "." : path.Parent.Relative,
            How.PlainDirectory
        );
        string words = $"unmount '{path}'";
        plan.Call(words, Syscall.fchdir, parent);
        plan.Call(
            words,
            Syscall.umount2,
            path.Name,
            Argument.Flags(UnmountFlags.MNT_DETACH | UnmountFlags.UMOUNT_NOFOLLOW)
        );
        return End(state);
    }

    // It runs no program.
    private static PlanState Begin()
    {
        ValidatedProcess nobody = new()
        {
            Program = "",
            Args = [],
            Env = [],
            Cwd = ContainerPath.Root,
        };
        return new PlanState(
            new LaunchPlanBuilder { Undumpable = true },
            nobody,
            new LaunchContext { Root = RootView.Joined }
        );
    }

    private static void Join(PlanState state, ExecTarget target)
    {
        ExecPlanner.JoinNamespaces(state, new ExecTarget(target.Namespaces & Joined));
        ExecPlanner.OpenRoot(state, target);
    }

    private static PlannedLaunch End(PlanState state)
    {
        state.Plan.Group("end");
        state.Plan.Call("end", Syscall.exit_group, 0);
        return new PlannedLaunch(state.Plan.Build(), state.Inputs, state.Gates);
    }
}
