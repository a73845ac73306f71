using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// The kernel's file systems of a container with a user namespace, made before the host's tree goes and attached nowhere.
/// procfs and sysfs the kernel grants only where the mount namespace shows the same uncovered already (mount_namespaces(7)).
/// cgroup2 mount(2) refuses on a mount of cgroup2, which is what lies there below a /sys taken from the host.
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
            ValidatedMount mount = spec.Mounts[i];
            if (mount is { Kind: MountKind.FileSystem, Type: "proc" or "sysfs" })
            {
                sources[i] = Make(state, mount, mount.Type);
            }
            else if (mount.Kind == MountKind.Cgroup && CgroupMountSteps.IsOwnUnified(state))
            {
                sources[i] = Make(state, mount, "cgroup2");
            }
        }
    }

    /// <summary>How the words of these steps begin.</summary>
    public static string Words(string type) => $"make {type} for '";

    private static Slot Make(PlanState state, ValidatedMount mount, string type)
    {
        string words = $"{Words(type)}{mount.Destination}'";
        LaunchPlanBuilder plan = state.Plan;
        Slot context = plan.NewSlot($"{type} being made");
        Slot made = plan.NewSlot($"{type} for {mount.Destination}");
        plan.CallInto(context, words, Syscall.fsopen, type, Argument.Flags(FsOpenFlags.FSOPEN_CLOEXEC));
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
