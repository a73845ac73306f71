using System.Globalization;
using Tare.Bench.Measuring;
using Tare.Bench.Reports;
using Tare.Processes;

namespace Tare.Bench.Measurements;

/// <summary>Everything about Tare.Processes.</summary>
internal static class ProcessesReport
{
    /// <summary>What <c>./bench</c> is told to run only this.</summary>
    public const string Name = "processes";

    private const int Launches = 1000;
    private const int Transfers = 20;

    public static void Measure(Site site, int rounds, Report report)
    {
        Add(SpawnMeasurement.Launches(site), rounds, report);
        Add(SpawnMeasurement.Sandboxes(site), rounds, report);
        Add(SpawnMeasurement.Pipe(site), Transfers, report);
        Add(SpawnMeasurement.Terminal(site), Transfers, report);
        Allocation(report);
        Threads(report);
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

    private static void Threads(Report report)
    {
        PreparedStart start = new(new ProcessStartOptions("/bin/true"));
        Launch(start, 50);

        // In turn, so that whatever else happens meanwhile meets both.
        List<double> ones = [];
        List<double> eights = [];
        for (int round = 0; round < 5; round++)
        {
            ones.Add(Rate(start, 1));
            eights.Add(Rate(start, 8));
        }

        double one = Median(ones);
        double eight = Median(eights);
        report.Add(
            "Starts in a second by threads of one program",
            ["threads", "starts/s", "to one thread", "goal", ""],
            [
                ["1", Number(one), "", "", ""],
                [
                    "8",
                    Number(eight),
                    (eight / one).ToString("0.00", CultureInfo.InvariantCulture),
                    "≥ 1.8 on 2 processors",
                    eight / one >= 1.8 ? "met" : "missed",
                ],
            ]
        );
    }

    private static double Rate(PreparedStart start, int threads)
    {
        TimeProvider clock = TimeProvider.System;
        Thread[] all =
        [
            .. Enumerable.Range(0, threads).Select(_ => new Thread(() => Launch(start, Launches / threads))),
        ];
        long begin = clock.GetTimestamp();
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        return Launches / threads * threads / clock.GetElapsedTime(begin).TotalSeconds;
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

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
