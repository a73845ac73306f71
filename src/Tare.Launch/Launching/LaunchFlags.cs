using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>The flags of the clones that a launch makes: the plan's and what every launch needs. clone(2).</summary>
internal static class LaunchFlags
{
    /// <summary>
    /// The first clone. The address space is shared, so that nothing is copied; signal handlers that point into this
    /// program are cleared; the launcher waits inside the clone unless some step waits for the launcher. The kernel
    /// clears <see cref="Assembly.ControlBlock.Progress"/> when the process executes its program or ends, however it ends.
    /// </summary>
    public static CloneFlags OfProcess(LaunchPlan plan) =>
        plan.CloneFlags
        | CloneFlags.CLONE_VM
        | CloneFlags.CLONE_CLEAR_SIGHAND
        | CloneFlags.CLONE_PIDFD
        | CloneFlags.CLONE_CHILD_CLEARTID
        | Waiting(plan)
        | (plan.Cgroup is null ? 0 : CloneFlags.CLONE_INTO_CGROUP);

    /// <summary>
    /// The clone of a <see cref="SpawnStep"/>: the new process is the launcher's child too, and its number is known
    /// before it runs.
    /// </summary>
    public static CloneFlags OfSpawned(LaunchPlan plan, SpawnStep spawn) =>
        spawn.Flags
        | CloneFlags.CLONE_VM
        | CloneFlags.CLONE_PARENT
        | CloneFlags.CLONE_PARENT_SETTID
        | CloneFlags.CLONE_CHILD_CLEARTID
        | Waiting(plan);

    private static CloneFlags Waiting(LaunchPlan plan) => plan.WaitsForParent ? 0 : CloneFlags.CLONE_VFORK;
}
