using Tare.Linux;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <content>What programs in the kernel decide for it, and tell of it.</content>
public sealed partial class ControlGroup
{
    private const int MostTargets = 1000;

    /// <summary>
    /// From now on the processes in it and in groups below may connect to, and send datagrams to, these addresses only, by TCP, UDP
    /// and what else has addresses of IP; others are EPERM. Connections that are there stay. Called again it is one filter more, and
    /// all must allow. Cgroup v2, Linux 5.1; root, or CAP_BPF and CAP_NET_ADMIN. BPF_CGROUP_INET4_CONNECT and its kin.
    /// </summary>
    /// <param name="targets">Where to; none is nowhere.</param>
    /// <exception cref="ArgumentException">A port is none, or there are more than 1,000.</exception>
    /// <exception cref="KernelException">EPERM: no right to. EINVAL: the kernel cannot. ENOENT: there is no version 2.</exception>
    public void AllowConnections(params IReadOnlyList<NetworkTarget> targets)
    {
        CheckTargets(targets);
        CgroupNode node = UnifiedOrThrow("filter connections of");
        using DirectoryFd directory = node.Mount.OpenDirectory(node.Path);
        ConnectionFilter.Attach(directory, targets, Name);
    }

    /// <summary>
    /// Tells each program that a process in it, or in groups below, executes: those of the group only, unlike
    /// <see cref="ProcessEvents"/>, and none of the rest of the machine wakes this process. It is watched when this returns. Cgroup
    /// v2, Linux 5.8, tracefs; root, or CAP_BPF and CAP_PERFMON. Events are lost where they are not taken and 256 KiB are full.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KernelException">EPERM: no right to. ENOENT: no version 2, or tracefs is not mounted.</exception>
    public IAsyncEnumerable<ProgramStart> WatchProgramsAsync(CancellationToken cancellationToken = default)
    {
        CgroupNode node = UnifiedOrThrow("watch programs of");
        ProgramWatch watch = ProgramWatch.Open(node, Name);
        return EventLoop.TakeAsync(watch, watch.Descriptor, watch.TryTake, "programs", cancellationToken);
    }

    internal static void CheckTargets(IReadOnlyList<NetworkTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count > MostTargets || targets.Any(target => target is null or { Port: < 1 or > 65_535 }))
        {
            throw new ArgumentException(
                $"a port is not 1 to 65,535, or there are more than {MostTargets} targets",
                nameof(targets)
            );
        }
    }
}
