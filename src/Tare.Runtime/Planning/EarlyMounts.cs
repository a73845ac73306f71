using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// procfs and sysfs of a container with a user namespace. The kernel grants such a mount only where the mount namespace
/// shows the same file system uncovered already (mount_namespaces(7)), which is so until the host's tree goes. So they are
/// made before, attached nowhere.
/// </summary>
internal static class EarlyMounts
{
    /// <summary>Makes them, and puts each where the source of a bind mount would be.</summary>
    public static void Make(PlanState state, ValidatedSpec spec, Slot?[] sources)
    {
        if (!spec.Namespaces.Has(CloneFlags.CLONE_NEWUSER))
        {
            return;
        }

        state.Plan.Group("mounts");
        for (int i = 0; i < sources.Length; i++)
        {
            if (spec.Mounts[i] is { Kind: MountKind.FileSystem, Type: "proc" or "sysfs" } mount)
            {
                sources[i] = Make(state, mount);
            }
        }
    }

    private static Slot Make(PlanState state, ValidatedMount mount)
    {
        string words = $"make {mount.Type} for '{mount.Destination}'";
        LaunchPlanBuilder plan = state.Plan;
        Slot context = plan.NewSlot($"{mount.Type} being made");
        Slot made = plan.NewSlot($"{mount.Type} for {mount.Destination}");
        plan.CallInto(context, words, Syscall.fsopen, mount.Type, Argument.Flags(FsOpenFlags.FSOPEN_CLOEXEC));
        Configure(plan, words, context, FsConfigCommand.FSCONFIG_SET_STRING, "source", mount.Source);
        foreach (string option in mount.Options.Data.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                Configure(plan, words, context, FsConfigCommand.FSCONFIG_SET_FLAG, option, Argument.Null);
            }
            else
            {
                string value = option[(equals + 1)..];
                Configure(plan, words, context, FsConfigCommand.FSCONFIG_SET_STRING, option[..equals], value);
            }
        }

        Configure(plan, words, context, FsConfigCommand.FSCONFIG_CMD_CREATE, Argument.Null, Argument.Null);
        plan.CallInto(
            made,
            words,
            Syscall.fsmount,
            context,
            Argument.Flags(FsMountFlags.FSMOUNT_CLOEXEC),
            Argument.Flags(MountAttributes.Of(mount.Options.Flags, MountFlags.None).Set)
        );
        return made;
    }

    private static void Configure(
        LaunchPlanBuilder plan,
        string words,
        Slot context,
        FsConfigCommand command,
        Argument key,
        Argument value
    ) => plan.Call(words, Syscall.fsconfig, context, Argument.Flags(command), key, value, 0);
}
