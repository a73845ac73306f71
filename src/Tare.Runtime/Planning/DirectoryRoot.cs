using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>A directory of the host with everything mounted below it, as <c>root.path</c> names it.</summary>
/// <param name="path">Its absolute path. Its last name is not followed if it is a symlink.</param>
/// <param name="place">See <see cref="Place"/>.</param>
public sealed class DirectoryRoot(string path, string? place = null) : RootView
{
    private const OpenTreeFlags Clone =
        OpenTreeFlags.OPEN_TREE_CLONE
        | OpenTreeFlags.OPEN_TREE_CLOEXEC
        | OpenTreeFlags.AT_RECURSIVE
        | OpenTreeFlags.AT_SYMLINK_NOFOLLOW;

    /// <summary>The directory.</summary>
    public string Path { get; } = path;

    /// <inheritdoc />
    public override string? Place { get; } = place;

    /// <inheritdoc />
    protected internal override Slot Write(LaunchPlanBuilder plan)
    {
        Slot root = plan.NewSlot("the root file system");
        plan.CallInto(
            root,
            $"pick the root file system '{Path}'",
            Syscall.open_tree,
            Argument.WorkingDirectory,
            Path,
            Argument.Flags(Clone)
        );
        plan.Call(
            $"mount the root file system on '{Place ?? Path}'",
            Syscall.move_mount,
            root,
            "",
            Argument.WorkingDirectory,
            Place ?? Path,
            Argument.Flags(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH)
        );
        return root;
    }
}
