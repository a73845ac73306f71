using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Bench.Subjects;

/// <summary>
/// A mount namespace that commands run in. Every command enters one, so that it costs all of them the same: those that
/// cannot deal with this machine's cgroups as they are mounted enter one in which they are mounted otherwise.
/// </summary>
internal sealed class MountView : IDisposable
{
    private MountView(NamespaceFd ns) => Namespace = ns;

    /// <summary>The namespace.</summary>
    public NamespaceFd Namespace { get; }

    /// <summary>The machine's own.</summary>
    public static MountView OfMachine() =>
        new(Namespaces.OpenPath("/proc/self/ns/mnt").OrThrow("open the mount namespace"));

    /// <summary>
    /// A copy of the machine's in which something is not mounted, but a tmpfs, so that what commands make there goes with the
    /// namespace: crun makes a cgroup's directories all the same, on what the hierarchy was mounted on.
    /// </summary>
    public static MountView Without(string mountPoint)
    {
        LaunchPlanBuilder plan = new() { CloneFlags = CloneFlags.CLONE_NEWNS };
        plan.Call(
            "keep mounts from reaching the machine",
            Syscall.mount,
            Argument.Null,
            "/",
            Argument.Null,
            Argument.Flags(MountFlags.MS_REC | MountFlags.MS_PRIVATE),
            Argument.Null
        );
        plan.Call($"unmount '{mountPoint}'", Syscall.umount2, mountPoint, Argument.Flags(UnmountFlags.MNT_DETACH));
        plan.Call($"mount a tmpfs on '{mountPoint}'", Syscall.mount, "tmpfs", mountPoint, "tmpfs", 0, Argument.Null);
        int gate = plan.Gate("wait until the namespace is opened");
        plan.Add(new FailStep("nothing is executed", Errno.ECANCELED));
        using PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(gate);
        return new(
            Namespaces.OpenPath($"/proc/{pending.ProcessId}/ns/mnt").OrThrow("open the mount namespace of", mountPoint)
        );
    }

    /// <inheritdoc/>
    public void Dispose() => Namespace.Dispose();
}
