using System.Globalization;
using Tare.Bench.Bundles;
using Tare.Bench.Measuring;
using Tare.Bench.Peers;
using Tare.Bench.Reports;
using Tare.Bench.Subjects;
using Tare.Linux;

namespace Tare.Bench.Measurements;

/// <summary>
/// Many containers live at once: whether the last starts as fast as the first, what runs beside each of them, and how long
/// it takes to delete all. One runtime's after the other's, so that each has the machine alone, and that several times:
/// between the first start and the last pass seconds, in which the machine may become another.
/// </summary>
internal static class Scale
{
    public const string Name = "scale";

    /// <summary>How many, if nothing else is said.</summary>
    public const int Usual = 1_000;

    private const int Turns = 3;
    private const double LastToFirst = 1.2;
    private const double DeleteToStart = 1.5;

    /// <summary>Measures and adds a table.</summary>
    public static void Measure(Site site, int containers, Report report)
    {
        using DefaultBundle bundle = new(site.Layout.Mode == CgroupMode.Unified, null, "sleep", "100000");
        Linux.Processes.SetSubreaper(true).OrThrow("become the reaper of orphans");
        Peer own = new("tare-oci", site.Peers.Machine, [site.TareOci]);
        Peer[] peers = site.Peers.Crun is { } crun ? [own, crun] : [own];
        List<Turn> turns = [];
        for (int turn = 0; turn < Turns; turn++)
        {
            turns.AddRange(peers.Select(peer => Run(peer, bundle.Path, containers)));
        }

        string[] goals =
        [
            "goal of tare-oci",
            "",
            "",
            $"≤ {LastToFirst.ToString(CultureInfo.InvariantCulture)}",
            "0",
            "",
            $"≤ {DeleteToStart.ToString(CultureInfo.InvariantCulture)}",
        ];
        report.Add(
            $"{containers} containers live at once: `run --detach`, then `delete --force`; medians of {Turns} turns",
            ["", "first 5 %", "last 5 %", "last to first", "other processes", "all deleted", "delete to start"],
            [.. peers.Select(peer => Row([.. turns.Where(turn => turn.Peer == peer)])), goals]
        );
    }

    private static Turn Run(Peer peer, string bundle, int containers)
    {
        string[] ids = [.. Enumerable.Range(0, containers).Select(n => Site.NewId($"scale-{n}"))];
        List<TimeSpan> starts = [];
        List<TimeSpan> deletions = [];
        int others;

        // The first of all pays for reading the files.
        using (new LiveContainer(peer, bundle, Site.NewId("scale-warm")))
        {
            int before = Count();
            try
            {
                foreach (string id in ids)
                {
                    Command run = new(peer.View, [.. peer.Words, "run", "--detach", "--bundle", bundle, id]);
                    starts.Add(run.Run());
                }

                others = Count() - before - containers;
            }
            finally
            {
                foreach (string id in ids.Take(starts.Count + 1))
                {
                    Command delete = new(peer.View, [.. peer.Words, "delete", "--force", id]);
                    deletions.Add(delete.Run(out _));
                    Linux.Processes.WaitAny();
                }
            }
        }

        int some = Math.Max(1, containers / 20);
        return new Turn(
            peer,
            new Sample("", starts.Take(some)).Median,
            new Sample("", starts.TakeLast(some)).Median,
            others,
            Sum(starts),
            Sum(deletions)
        );
    }

    private static IReadOnlyList<string> Row(IReadOnlyList<Turn> turns) =>
        [
            turns[0].Peer.Name,
            Milliseconds(Median(turns, static turn => turn.First.TotalMilliseconds)),
            Milliseconds(Median(turns, static turn => turn.Last.TotalMilliseconds)),
            Ratio(Median(turns, static turn => turn.Last / turn.First)),
            turns.Max(turn => turn.Others).ToString(CultureInfo.InvariantCulture),
            Milliseconds(Median(turns, static turn => turn.Deleted.TotalMilliseconds)),
            Ratio(Median(turns, static turn => turn.Deleted / turn.Started)),
        ];

    private static double Median(IReadOnlyList<Turn> turns, Func<Turn, double> of) =>
        turns.Select(of).Order().ElementAt(turns.Count / 2);

    /// <summary>
    /// The processes below this program: containers' and whatever a runtime has beside them. Kernel threads and other people's
    /// programs come and go, and what has ended and was left to this program to reap is none any more.
    /// </summary>
    private static int Count()
    {
        Dictionary<int, int> parents = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int process)
                && ProcStat.Read(process) is { Ok: true, Value.State: not 'Z' } stat
            )
            {
                parents[process] = stat.Value.ParentId;
            }
        }

        return parents.Keys.Count(process => IsBelow(process, parents));
    }

    private static bool IsBelow(int process, Dictionary<int, int> parents)
    {
        while (parents.TryGetValue(process, out int parent))
        {
            if (parent == Environment.ProcessId)
            {
                return true;
            }

            process = parent;
        }

        return false;
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) =>
        times.Aggregate(TimeSpan.Zero, static (sum, time) => sum + time);

    private static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Milliseconds(double time) => time.ToString("0.00 ms", CultureInfo.InvariantCulture);

    /// <summary>What one turn of a runtime took: its first and its last starts, all of them, and the deletions.</summary>
    private sealed record Turn(
        Peer Peer,
        TimeSpan First,
        TimeSpan Last,
        int Others,
        TimeSpan Started,
        TimeSpan Deleted
    );
}
