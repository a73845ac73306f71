using System.Runtime.CompilerServices;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>How often something happened in a cgroup, by the kernel's names. cgroup-v2.rst.</summary>
/// <param name="Group"><c>populated</c>, <c>frozen</c>: cgroup.events. Empty in version 1.</param>
/// <param name="Memory"><c>low</c>, <c>high</c>, <c>max</c>, <c>oom</c>, <c>oom_kill</c>, <c>oom_group_kill</c>: memory.events; memory.oom_control in version 1.</param>
/// <param name="Processes"><c>max</c>: pids.events, how often a fork was refused.</param>
public sealed record CgroupCounts(
    IReadOnlyDictionary<string, long> Group,
    IReadOnlyDictionary<string, long> Memory,
    IReadOnlyDictionary<string, long> Processes
)
{
    /// <summary>
    /// What of <see cref="Memory"/> happened in the cgroup itself, and not in those below: memory.events.local, Linux 5.2. Empty in
    /// version 1.
    /// </summary>
    public IReadOnlyDictionary<string, long> OwnMemory { get; init; } = new Dictionary<string, long>();

    /// <summary>
    /// What of <see cref="Processes"/> happened because of the cgroup's own limit: pids.events.local, Linux 6.11. Before, empty:
    /// <see cref="Processes"/> said so.
    /// </summary>
    public IReadOnlyDictionary<string, long> OwnProcesses { get; init; } = new Dictionary<string, long>();
}

/// <summary>
/// Being told of what happens in a cgroup that somebody else made: processes in it or none, frozen, out of memory, too many
/// processes. Of one's own: <see cref="ControlGroup.WatchEventsAsync"/>.
/// </summary>
public static class CgroupEvents
{
    private static readonly string[] Watched =
    [
        "cgroup.events",
        "memory.events",
        "memory.events.local",
        "pids.events",
        "pids.events.local",
    ];

    /// <summary>
    /// The counts now, and again whenever one has changed, until the cgroup is gone. Several changes may come as one. It is
    /// watched when this returns.
    /// </summary>
    /// <param name="directory">The cgroup's directory, of version 2 or 1. Of version 1 only being out of memory is told of.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KernelException">ENOENT: there is no such cgroup.</exception>
    public static IAsyncEnumerable<CgroupCounts> WatchAsync(
        string directory,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return WatchAsync([directory], cancellationToken);
    }

    /// <summary>The counts now. Those that the cgroup does not have are empty.</summary>
    public static CgroupCounts Read(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return Read([directory]);
    }

    /// <summary>The same of a cgroup by its directories in all hierarchies.</summary>
    internal static IAsyncEnumerable<CgroupCounts> WatchAsync(
        IReadOnlyList<string> directories,
        CancellationToken cancellationToken
    ) => WatchAsync(directories, new CgroupWatch(directories, Watched), cancellationToken);

    /// <summary>The same of a cgroup by its directories in all hierarchies.</summary>
    internal static CgroupCounts Read(IReadOnlyList<string> directories)
    {
        IReadOnlyDictionary<string, long> memory = Counts(directories, "memory.events");
        return new(
            Counts(directories, "cgroup.events"),
            memory.Count > 0 ? memory : Counts(directories, "memory.oom_control"),
            Counts(directories, "pids.events")
        )
        {
            OwnMemory = Counts(directories, "memory.events.local"),
            OwnProcesses = Counts(directories, "pids.events.local"),
        };
    }

    private static IReadOnlyDictionary<string, long> Counts(IReadOnlyList<string> directories, string file)
    {
        foreach (string directory in directories)
        {
            if (Files.ReadAllAt(null, $"{directory}/{file}") is { Ok: true } text)
            {
                return CgroupText.Counts(System.Text.Encoding.UTF8.GetString(text.Value));
            }
        }

        return CgroupText.Counts(null);
    }

    private static async IAsyncEnumerable<CgroupCounts> WatchAsync(
        IReadOnlyList<string> directories,
        CgroupWatch opened,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using CgroupWatch watch = opened;
        using WatchedDescriptor watched = Reactor.Shared.Watch(watch.Set, EpollEvents.EPOLLIN);
        yield return Read(directories);
        while (true)
        {
            await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
            if (!watch.Take())
            {
                continue;
            }

            if (watch.IsGone)
            {
                yield break;
            }

            yield return Read(directories);
        }
    }
}
