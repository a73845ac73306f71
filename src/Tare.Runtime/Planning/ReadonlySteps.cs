using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Read-only paths: each becomes a mount of its own, with the attributes that it had and read-only. Paths that are not there
/// are left alone.
/// </summary>
internal static class ReadonlySteps
{
    private const OpenTreeFlags Clone =
        OpenTreeFlags.OPEN_TREE_CLONE
        | OpenTreeFlags.OPEN_TREE_CLOEXEC
        | OpenTreeFlags.AT_EMPTY_PATH
        | OpenTreeFlags.AT_RECURSIVE;

    /// <summary>Writes all paths.</summary>
    public static void Write(PlanState state, ValidatedSpec spec)
    {
        LaunchPlanBuilder plan = state.Plan;
        plan.Group("read-only paths");
        foreach (ContainerPath path in spec.ReadonlyPaths)
        {
            string words = $"make '{path}' read-only";
            Label next = plan.NewLabel($"'{path}' is read-only");
            Slot target = plan.NewSlot(path.ToString());
            Slot mount = plan.NewSlot($"{path} as a mount");
            (Slot directory, string relative, Argument how) = HiddenPaths.Find(state, path);
            plan.Add(
                new CallStep($"open '{path}'", Syscall.openat2, [directory, relative, how, How.Size])
                {
                    Result = target,
                    Branches = [new Branch(Errno.ENOENT, next), new Branch(Errno.ENOTDIR, next)],
                }
            );
            plan.CallInto(mount, words, Syscall.open_tree, target, "", Argument.Flags(Clone));
            MountSteps.SetAttributes(
                state,
                mount,
                words,
                MountAttributeFlags.MOUNT_ATTR_RDONLY,
                0,
                MountFlags.None,
                deep: false
            );
            MountSteps.Attach(state, mount, target, words);
            plan.Place(next);
        }
    }
}
