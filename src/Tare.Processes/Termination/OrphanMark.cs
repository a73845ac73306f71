using System.Collections.Concurrent;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// How an orphan is known from a child that another part of this program has made: by a hard RLIMIT_LOCKS one below this
/// program's own, which every process inherits and the kernel has not enforced since Linux 2.4.25.
/// </summary>
internal static class OrphanMark
{
    // Programs that are started so may start others so, each with a mark one lower.
    private const ulong DeepestNesting = 4096;
    private const ulong Highest = long.MaxValue;

    private static readonly ConcurrentDictionary<int, object> Started = new();

    /// <summary>Held while a marked process is made, and while orphans are looked for.</summary>
    public static Lock Starting { get; } = new();

    /// <summary>The limit that marks what this process starts.</summary>
    public static RLimit64 Limit
    {
        get
        {
            ulong mark = Own() - 1;
            return new RLimit64 { Current = mark, Maximum = mark };
        }
    }

    /// <summary>This child was started here, and is no orphan.</summary>
    /// <returns>To be called once it was reaped: its number may have become another's already.</returns>
    public static Action Add(int process)
    {
        object start = new();
        Started[process] = start;
        return () => Started.TryRemove(KeyValuePair.Create(process, start));
    }

    /// <summary>Children of this process that bear the mark, were not started here, and are none of those that are known.</summary>
    public static List<int> Orphans(HashSet<int> known)
    {
        List<int> orphans = [];
        if (ProcDirectory.Open(Environment.ProcessId) is not { Ok: true } opened)
        {
            return orphans;
        }

        using DirectoryFd own = opened.Value;
        ulong limit = Own();
        foreach (int child in ProcDirectory.Children(own).Value)
        {
            if (!known.Contains(child) && !Started.ContainsKey(child) && IsMarked(child, limit))
            {
                orphans.Add(child);
            }
        }

        return orphans;
    }

    private static ulong Own()
    {
        RLimit64 own = ResourceLimits.Get(ResourceLimit.RLIMIT_LOCKS).OrThrow("read RLIMIT_LOCKS");
        return Math.Min(own.Maximum, Highest);
    }

    private static bool IsMarked(int child, ulong own)
    {
        if (ProcDirectory.Open(child) is not { Ok: true } opened)
        {
            return false;
        }

        using DirectoryFd directory = opened.Value;
        return ProcLimits.Read(directory).Value?.TryGetValue(ResourceLimit.RLIMIT_LOCKS, out RLimit64 limit) == true
            && limit.Maximum < own
            && own - limit.Maximum <= DeepestNesting;
    }
}
