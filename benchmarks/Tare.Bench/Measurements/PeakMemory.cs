using System.Globalization;
using Tare.Bench.Peers;
using Tare.Bench.Reports;
using Tare.Bench.Subjects;

namespace Tare.Bench.Measurements;

/// <summary>
/// The most memory that is resident at a time while `run` runs, of the largest of the runtime's processes:
/// benchmarks/peak/peak.c asks the kernel for it. Pages of programs' files count, though all who run one share them.
/// </summary>
internal static class PeakMemory
{
    public const string Name = "memory";
    private const int Times = 21;

    /// <summary>Measures, in turn, and adds a table.</summary>
    public static void Measure(Site site, Report report)
    {
        List<(Peer Runtime, List<long> Peaks, Command Run, string File)> all = [];
        string folder = Directory.CreateTempSubdirectory("tare-bench-").FullName;
        Peer own = new("tare-oci", site.Peers.Machine, [site.TareOci]);
        foreach (Peer? peer in (Peer?[])[own, site.Peers.Crun, site.Peers.NewCrun, site.Peers.Runc])
        {
            if (peer is not null)
            {
                string file = $"{folder}/{all.Count}";
                string[] words = [.. peer.Words, "run", "--bundle", site.Bundle.Path, Site.NewId(Name)];
                Command run = new(peer.View, [site.PeakProgram, file, .. words]);
                all.Add((peer, [], run, file));
            }
        }

        for (int time = 0; time < Times; time++)
        {
            foreach ((_, List<long> peaks, Command run, string file) in all)
            {
                run.Run();
                peaks.Add(long.Parse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture));
            }
        }

        Directory.Delete(folder, recursive: true);
        long ours = Median(all[0].Peaks);
        report.Add(
            "Peak memory of `run` of the default bundle, median",
            ["", "resident", "ours to it", "goal", ""],
            all.Select(
                (one, at) =>
                    (IReadOnlyList<string>)
                        [
                            one.Runtime.Name,
                            $"{Median(one.Peaks)} KiB",
                            at == 0 ? "" : Ratio(ours, Median(one.Peaks)),
                            at == 1 ? "≤ 1" : "",
                            at != 1 ? ""
                            : ours <= Median(one.Peaks) ? "met"
                            : "missed",
                        ]
            )
        );
    }

    private static long Median(List<long> values) => values.Order().ElementAt(values.Count / 2);

    private static string Ratio(long own, long other) =>
        ((double)own / other).ToString("0.00", CultureInfo.InvariantCulture);
}
