using System.Globalization;
using Tare.Bench.Loops;
using Tare.Bench.Measuring;
using Tare.Bench.Reports;
using Tare.Bench.Subjects;
using Tare.Processes;

namespace Tare.Bench.Measurements;

/// <summary>Everything about Tare.Processes.</summary>
internal static class ProcessesReport
{
    /// <summary>What <c>./bench</c> is told to run only this.</summary>
    public const string Name = "processes";

    private const int Launches = 1000;
    private const int Transfers = 20;
    private const int ThreadRounds = 7;
    private const string ThreadedProgram = "/bin/true";

    public static void Measure(Site site, int rounds, Report report)
    {
        Add(SpawnMeasurement.Launches(site), rounds, report);
        Add(SpawnMeasurement.Captures(), rounds, report);
        Add(SpawnMeasurement.Sandboxes(site), rounds, report);
        Add(SpawnMeasurement.Starts(site), rounds, report);
        Add(SpawnMeasurement.AtTerminal(site), rounds, report);
        Add(SpawnMeasurement.Pipe(site), Transfers, report);
        Add(SpawnMeasurement.Terminal(site), Transfers, report);
        Allocation(report);
        Threads(site, report);
    }

    private static void Add(Measurement measurement, int rounds, Report report)
    {
        using (measurement)
        {
            report.Add(measurement, Rounds.Measure(measurement.Subjects, rounds));
        }
    }

    private static void Allocation(Report report)
    {
        (string Name, int Variables)[] environments = [("10 variables", 10), ("1,000 variables, 100 KiB", 1000)];
        long[] bytes = [.. environments.Select(environment => BytesOf(environment.Variables))];
        report.Add(
            "Managed memory allocated by a repeated start and its wait (PreparedStart)",
            ["environment", "bytes", "goal", ""],
            environments.Select(
                (environment, i) =>
                    (IReadOnlyList<string>)
                        [
                            environment.Name,
                            bytes[i].ToString("N0", CultureInfo.InvariantCulture),
                            i == 0 ? "" : "as with 10, ± 64",
                            i == 0 ? ""
                            : Math.Abs(bytes[i] - bytes[0]) <= 64 ? "met"
                            : "missed",
                        ]
            )
        );
    }

    private static long BytesOf(int variables)
    {
        PreparedStart start = new(
            new ProcessStartOptions("/bin/true")
            {
                Environment = ProcessEnvironment.Of(
                    Enumerable
                        .Range(0, variables)
                        .Select(i => KeyValuePair.Create($"VARIABLE_{i:D5}", new string('x', 85)))
                ),
            }
        );
        Launch(start, 20);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Launch(start, Launches);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Launches;
    }

    // C beside it: what two processors and one kernel allow at all.
    private static void Threads(Site site, Report report)
    {
        string self = Environment.ProcessPath!;
        string starts = Launches.ToString(CultureInfo.InvariantCulture);
        string[] counts = ["1", "8"];
        List<Subject> subjects =
        [
            .. counts.Select(count => new AskedSubject(
                "Tare.Processes",
                self,
                ThreadLoop.Word,
                LaunchLoop.Tare,
                count,
                starts,
                ThreadedProgram
            )),
            .. counts.Select(count => new AskedSubject(
                "posix_spawn in C",
                site.Spawn,
                "threads",
                count,
                starts,
                ThreadedProgram
            )),
            .. counts.Select(count => new AskedSubject(
                "System.Diagnostics.Process",
                self,
                ThreadLoop.Word,
                LaunchLoop.Framework,
                count,
                starts,
                ThreadedProgram
            )),
        ];
        IReadOnlyList<Sample> samples;
        try
        {
            samples = Rounds.Measure(subjects, ThreadRounds);
        }
        finally
        {
            subjects.ForEach(subject => subject.Dispose());
        }

        report.Add(
            $"Starts of `true` in a second by threads of one program, median of {ThreadRounds} times {starts}",
            ["", "1 thread", "8 threads", "8 to 1", "goal", ""],
            Enumerable.Range(0, subjects.Count / 2).Select(i => ThreadRow(samples[2 * i], samples[(2 * i) + 1], i == 0))
        );
    }

    private static IReadOnlyList<string> ThreadRow(Sample one, Sample eight, bool ours)
    {
        double ratio = one.Median / eight.Median;
        return
        [
            one.Name,
            Number(Launches / one.Median.TotalSeconds),
            Number(Launches / 8 * 8 / eight.Median.TotalSeconds),
            ratio.ToString("0.00", CultureInfo.InvariantCulture),
            ours ? "≥ 1.8 on 2 processors" : "",
            !ours ? ""
            : ratio >= 1.8 ? "met"
            : "missed",
        ];
    }

    private static void Launch(PreparedStart start, int count)
    {
        for (int i = 0; i < count; i++)
        {
            using ChildProcess child = start.Start();
            ProcessExit exit = child.WaitForExit();
            if (!exit.Success)
            {
                throw new BenchException($"'true' ended with {exit}");
            }
        }
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
