using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Masked paths: a file is covered by the null device, which has been verified by its numbers, a directory by a tmpfs that
/// is empty and read-only. Paths that are not there are left alone.
/// </summary>
internal static class MaskSteps
{
    private const MountFlags Empty =
        MountFlags.MS_RDONLY | MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC;

    /// <summary>Writes all masks.</summary>
    public static void Write(PlanState state, ValidatedSpec spec)
    {
        if (spec.MaskedPaths.IsEmpty)
        {
            return;
        }

        state.Plan.Group("masked paths");
        Slot nothing = OpenNull(state);
        foreach (ContainerPath path in spec.MaskedPaths)
        {
            Mask(state, path, nothing);
        }
    }

    private static void Mask(PlanState state, ContainerPath path, Slot nothing)
    {
        LaunchPlanBuilder plan = state.Plan;
        Label next = plan.NewLabel($"'{path}' is masked");
        Slot target = plan.NewSlot(path.ToString());
        (Slot directory, string relative, Argument how) = HiddenPaths.Find(state, path);
        plan.Add(
            new CallStep($"open '{path}'", Syscall.openat2, [directory, relative, how, How.Size])
            {
                Result = target,
                Branches = [new Branch(Errno.ENOENT, next), new Branch(Errno.ENOTDIR, next)],
            }
        );
        switch (HiddenPaths.IsDirectory(state, path))
        {
            case true:
                MaskDirectory(state, path, target);
                break;
            case false:
                MaskFile(state, path, target, nothing);
                break;
            case null:
                Label file = plan.NewLabel($"'{path}' is a file");
                Checks.IsDirectory(state, target, path.ToString(), file);
                MaskDirectory(state, path, target);
                plan.Add(new JumpStep($"'{path}' is masked", next));
                plan.Place(file);
                MaskFile(state, path, target, nothing);
                break;
        }

        plan.Place(next);
    }

    private static void MaskDirectory(PlanState state, ContainerPath path, Slot target) =>
        MountSteps.MountOn(
            state,
            target,
            $"mask the directory '{path}'",
            "tmpfs",
            "tmpfs",
            Empty,
            LabelSteps.AddContext("size=0,nr_inodes=1", state.MountLabel)
        );

    private static void MaskFile(PlanState state, ContainerPath path, Slot target, Slot nothing)
    {
        Slot cover = state.Plan.NewSlot($"a cover for {path}");
        state.Plan.CallInto(
            cover,
            $"mask the file '{path}'",
            Syscall.open_tree,
            nothing,
            "",
            Argument.Flags(
                OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC | OpenTreeFlags.AT_EMPTY_PATH
            )
        );
        MountSteps.Attach(state, cover, target, $"mask the file '{path}'");
    }

    // The container's own null device, by descriptor: whoever changes the name afterwards changes nothing.
    private static Slot OpenNull(PlanState state)
    {
        const string Path = "/dev/null";
        Slot nothing = state.Plan.NewSlot(Path);
        state.Open(nothing, $"open '{Path}'", state.Root, "dev/null", How.PlainAny);
        Checks.IsDevice(state, nothing, FileModes.S_IFCHR, 1, 3, Path);
        return nothing;
    }
}
