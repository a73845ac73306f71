using Tare.Launch;

namespace Tare.Runtime.Planning;

/// <summary>
/// What the container sees as <c>/</c>. A view writes the steps that make its mount; everything else about the root (the
/// change of root, mounts inside, read-only) is the same for every view.
/// </summary>
public abstract class RootView
{
    /// <summary>The root of a mount namespace that is joined: nothing is made. For <see cref="ExecPlanner"/> only.</summary>
    public static RootView Joined { get; } = new JoinedRoot();

    /// <summary>
    /// The steps create files and so run after the child has become a user that its user namespace maps. Otherwise they
    /// run before, with the launcher's own access to the host's files.
    /// </summary>
    public virtual bool CreatesFiles => false;

    /// <summary>
    /// The absolute path of a directory of the runtime's own, in a mount namespace that is not the container's alone: the
    /// root is mounted there and entered by chroot(2), and whoever removes the directory unmounts it. Null where the mount
    /// namespace is new.
    /// </summary>
    public virtual string? Place => null;

    /// <summary>
    /// Writes the steps that run in the container's mount namespace, with the host's files still visible, and end with a mount that
    /// is attached somewhere whose parent is not shared.
    /// </summary>
    /// <param name="plan">Where the steps go.</param>
    /// <returns>The slot with a descriptor (O_PATH or more, close-on-exec) of that mount's root.</returns>
    protected internal abstract Slot Write(LaunchPlanBuilder plan);

    private sealed class JoinedRoot : RootView
    {
        protected internal override Slot Write(LaunchPlanBuilder plan) =>
            throw new InvalidOperationException("the root of a container that runs is not made");
    }
}
