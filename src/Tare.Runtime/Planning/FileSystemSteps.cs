using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>Makes a file system that is attached nowhere yet, option by option. fsopen(2), Linux 5.2.</summary>
internal static class FileSystemSteps
{
    // Flags of mount(2) that belong to the file system; here they are options by name.
    private static readonly ImmutableArray<(MountFlags Flag, string Name)> SuperBlockFlags =
    [
        (MountFlags.MS_RDONLY, "ro"),
        (MountFlags.MS_SYNCHRONOUS, "sync"),
        (MountFlags.MS_DIRSYNC, "dirsync"),
        (MountFlags.MS_LAZYTIME, "lazytime"),
    ];

    /// <summary>Makes it; the slot has the mount.</summary>
    public static Slot Make(PlanState state, ValidatedMount mount)
    {
        MountFlags flags = mount.Options.Flags;
        string words = $"make {mount.Type} for '{mount.Destination}'";
        LaunchPlanBuilder plan = state.Plan;
        Slot context = plan.NewSlot($"{mount.Type} being made");
        Slot made = plan.NewSlot($"the mount on {mount.Destination}");
        plan.CallInto(context, words, Syscall.fsopen, mount.Type, Argument.Flags(FsOpenFlags.FSOPEN_CLOEXEC));
        Set(plan, words, context, $"source={mount.Source}");
        foreach ((MountFlags flag, string name) in SuperBlockFlags)
        {
            if ((flags & flag) != 0)
            {
                Set(plan, words, context, name);
            }
        }

        foreach (string option in mount.Options.Data.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            Set(plan, words, context, option);
        }

        if (mount.Label is { } label && !LabelSteps.IsLabelledAfterwards(mount))
        {
            Configure(plan, words, context, FsConfigCommand.FSCONFIG_SET_STRING, "context", label);
        }

        Configure(plan, words, context, FsConfigCommand.FSCONFIG_CMD_CREATE, Argument.Null, Argument.Null);
        plan.CallInto(
            made,
            words,
            Syscall.fsmount,
            context,
            Argument.Flags(FsMountFlags.FSMOUNT_CLOEXEC),
            Argument.Flags(MountAttributes.Of(flags, MountFlags.None).Set)
        );
        return made;
    }

    private static void Set(LaunchPlanBuilder plan, string words, Slot context, string option)
    {
        int equals = option.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            Configure(plan, words, context, FsConfigCommand.FSCONFIG_SET_FLAG, option, Argument.Null);
        }
        else
        {
            Configure(
                plan,
                words,
                context,
                FsConfigCommand.FSCONFIG_SET_STRING,
                option[..equals],
                option[(equals + 1)..]
            );
        }
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
