using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>The flags of the clones that a launch makes: the plan's and what every launch needs. clone(2).</summary>
/// <remarks>
/// Somebody always waits inside the clone (CLONE_VFORK). A process that shares memory without that is one with its
/// launcher to the kernel: where a cgroup's memory limit kills it the launcher is killed too, and an oom_score_adj that it
/// is given becomes the launcher's. Where the launcher cannot wait, because the child waits for it, a third process does.
/// </remarks>
internal static class LaunchFlags
{
    /// <summary>
    /// The clone that makes the child. The address space is shared, so that nothing is copied; signal handlers that point
    /// into this program are cleared. The kernel clears <see cref="Assembly.ControlBlock.Progress"/> when the process
    /// executes its program or ends, however it ends.
    /// </summary>
    public static CloneFlags OfProcess(LaunchPlan plan) =>
        plan.CloneFlags
        | CloneFlags.CLONE_VM
        | CloneFlags.CLONE_VFORK
        | CloneFlags.CLONE_CLEAR_SIGHAND
        | CloneFlags.CLONE_PIDFD
        | CloneFlags.CLONE_PARENT_SETTID
        | CloneFlags.CLONE_CHILD_CLEARTID
        | (plan.WaitsForParent ? CloneFlags.CLONE_PARENT : 0)
        | (plan.Cgroup is null || plan.SpawnsIntoCgroup ? 0 : CloneFlags.CLONE_INTO_CGROUP);

    /// <summary>
    /// The clone that makes the holder, where a plan waits for its launcher: it makes the child as the launcher's and
    /// waits. It shares the launcher's descriptors, for the child's pidfd is to be among them. The kernel clears
    /// <see cref="Assembly.ControlBlock.Holding"/> when it ends.
    /// </summary>
    public static CloneFlags OfHolder =>
        CloneFlags.CLONE_VM
        | CloneFlags.CLONE_FILES
        | CloneFlags.CLONE_CLEAR_SIGHAND
        | CloneFlags.CLONE_PIDFD
        | CloneFlags.CLONE_CHILD_CLEARTID;

    /// <summary>
    /// The clone of a <see cref="SpawnStep"/>: the new process is the launcher's child too, and its number is known
    /// before it runs. In a sealed image it shares nothing with the process that makes it, which is one of the host's.
    /// </summary>
    public static CloneFlags OfSpawned(LaunchPlan plan, SpawnStep spawn) =>
        plan.Sealed is { Spawns: true }
            ? spawn.Flags | CloneFlags.CLONE_PARENT
            : spawn.Flags
                | CloneFlags.CLONE_VM
                | CloneFlags.CLONE_VFORK
                | CloneFlags.CLONE_PARENT
                | CloneFlags.CLONE_PARENT_SETTID
                | CloneFlags.CLONE_CHILD_CLEARTID
                | (plan is { Cgroup: not null, SpawnsIntoCgroup: true } ? CloneFlags.CLONE_INTO_CGROUP : 0);
}
