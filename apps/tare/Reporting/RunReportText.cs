using System.Globalization;
using Spectre.Console;

namespace Tare.Cli.Reporting;

/// <summary>A report for people, on standard error.</summary>
internal static class RunReportText
{
    /// <summary>What it used.</summary>
    public static void WriteStatistics(RunReport report)
    {
        if (report.Statistics is not { } statistics)
        {
            return;
        }

        Table table = Tables.Plain(2);
        Add("start", $"{Words.Time(statistics.Start)} from tare's start to the program's");
        Add("wall time", Words.Time(statistics.Wall));
        Add(
            "processor time",
            $"{Words.Time(statistics.User + statistics.System)} (user {Words.Time(statistics.User)}, kernel {Words.Time(statistics.System)})"
        );
        Add("peak memory", Words.Size(statistics.PeakMemory));
        Add("disk", $"{Words.Size(statistics.Read)} read, {Words.Size(statistics.Written)} written");
        if (statistics.PeakTasks is { } tasks)
        {
            Add("peak tasks", tasks.ToString(CultureInfo.InvariantCulture));
        }

        Add("counted by", Counters(statistics));
        Output.WriteError("tare: statistics\n");
        Tables.WriteErrors(table);

        void Add(string name, string value) => table.AddRow(new Text("  " + name), new Text(value));
    }

    /// <summary>How long each step of the launch took.</summary>
    public static void WriteTrace(RunReport report)
    {
        if (report is not { Trace: { } trace, Plan: { } plan })
        {
            return;
        }

        Table table = Tables.Plain(3);
        table.Columns[0].RightAligned();
        table.Columns[1].RightAligned();
        IReadOnlyList<TimeSpan?> durations = trace.Durations();
        for (int i = 0; i < durations.Count; i++)
        {
            if (durations[i] is { } duration)
            {
                table.AddRow(
                    new Text((i + 1).ToString(CultureInfo.InvariantCulture)),
                    new Text(string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMicroseconds:0.0} µs")),
                    new Text(Log.OneLine(plan.Steps[i].Words))
                );
            }
        }

        Output.WriteError("tare: steps of the launch\n");
        Tables.WriteErrors(table);
    }

    private static string Counters(RunStatistics statistics)
    {
        const string Rusage = "rusage: the program and children it waited for, the memory of the largest of them";
        return statistics.CountedByCgroup.Count == 0 ? Rusage
            : statistics.CountedByCgroup.Contains("processor")
            && statistics.CountedByCgroup.Contains("memory")
            && statistics.CountedByCgroup.Contains("transfers")
                ? "the cgroup: every process"
            : $"the cgroup: {string.Join(", ", statistics.CountedByCgroup)}; else {Rusage}";
    }
}
