using System.Globalization;
using Tare.Bench.Loops;
using Tare.Bench.Measurements;
using Tare.Bench.Measuring;
using Tare.Bench.Reports;
using Tare.Launch;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Bench;

/// <summary>Measures what it is told to, or all; all of it also goes into docs/performance.md.</summary>
internal static class Program
{
    private const int FewestRounds = 200;

    private static readonly IReadOnlyList<(string Name, Func<Site, Measurement> Make)> All =
    [
        ("launch", LaunchMeasurement.Make),
        ("run", RunMeasurement.Make),
        ("lifecycle", LifecycleMeasurement.Make),
        ("exec", ExecMeasurement.Make),
        ("pause", PauseMeasurement.Make),
        ("seal", SealMeasurement.Make),
        ("sandbox", SandboxMeasurement.Make),
        ("script", ScriptMeasurement.Make),
    ];

    private static int Main(string[] args)
    {
        try
        {
            return args switch
            {
                [LaunchLoop.Word, var how, var heap, var program, .. var rest] => LaunchLoop.Run(
                    how,
                    heap,
                    program,
                    rest
                ),
                [ReadLoop.Word, var how, var bytes, var writer] => ReadLoop.Run(how, bytes, writer),
                [ThreadLoop.Word, var how, var count, var starts, var program] => ThreadLoop.Run(
                    how,
                    count,
                    starts,
                    program
                ),
                _ => Run(args),
            };
        }
        catch (Exception e) when (e is BenchException or KernelException or LaunchException or ProcessStartException)
        {
            Console.Error.WriteLine($"bench: {e.Message}");
            return 1;
        }
    }

    private static int Run(string[] args)
    {
        string root = args[0];
        int rounds = FewestRounds;
        int containers = Scale.Usual;
        string? against = null;
        List<string> names = [];
        for (int i = 1; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--rounds" when i + 1 < args.Length:
                    rounds = int.Parse(args[++i], CultureInfo.InvariantCulture);
                    break;
                case "--containers" when i + 1 < args.Length:
                    containers = int.Parse(args[++i], CultureInfo.InvariantCulture);
                    break;
                case "--against" when i + 1 < args.Length:
                    against = Path.GetFullPath(args[++i]);
                    break;
                default:
                    names.Add(args[i]);
                    break;
            }
        }

        string[] known =
        [
            SameCalls.Name,
            .. All.Select(one => one.Name),
            MemoryLimit.Name,
            PeakMemory.Name,
            Scale.Name,
            ProcessesReport.Name,
        ];
        if (names.Find(name => !known.Contains(name)) is { } unknown)
        {
            throw new BenchException($"'{unknown}' is not measured (there are: {string.Join(", ", known)})");
        }

        using Site site = new(root);
        Report report = new(Machine.Describe(site.Layout, rounds));
        if (against is not null)
        {
            Measure(RunMeasurement.Against(site, against), rounds, report);
            Measure(LifecycleMeasurement.Against(site, against), rounds, report);
            return 0;
        }

        bool all = names.Count == 0;
        if (all || names.Contains(SameCalls.Name))
        {
            report.Add(SameCalls.Compare(site));
        }

        foreach ((string name, Func<Site, Measurement> make) in All)
        {
            if (all || names.Contains(name))
            {
                Measure(make(site), rounds, report);
            }
        }

        if (all || names.Contains(MemoryLimit.Name))
        {
            report.Add(
                "`run` of the default bundle with a memory limit of 512 KiB",
                ["", "ran"],
                MemoryLimit.Try(site).Select(outcome => (IReadOnlyList<string>)[outcome.Runtime, outcome.Outcome])
            );
        }

        if (all || names.Contains(PeakMemory.Name))
        {
            PeakMemory.Measure(site, report);
        }

        if (all || names.Contains(ProcessesReport.Name))
        {
            ProcessesReport.Measure(site, rounds, report);
        }

        if (all || names.Contains(Scale.Name))
        {
            Scale.Measure(site, containers, report);
        }

        if (names is [ProcessesReport.Name] && rounds >= FewestRounds)
        {
            report.Save($"{root}/docs/comparison.md");
        }

        if (all && rounds >= FewestRounds)
        {
            report.Save($"{root}/docs/performance.md");
        }

        return 0;
    }

    private static void Measure(Measurement measurement, int rounds, Report report)
    {
        using (measurement)
        {
            report.Add(measurement, Rounds.Measure(measurement.Subjects, rounds));
        }
    }
}
