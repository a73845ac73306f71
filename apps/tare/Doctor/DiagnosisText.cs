using Spectre.Console;
using Tare.Cli.Reporting;

namespace Tare.Cli.Doctor;

/// <summary>A diagnosis for people.</summary>
internal static class DiagnosisText
{
    /// <summary>The machine, the user and the verdict, a line each.</summary>
    public static string Heading(Diagnosis diagnosis)
    {
        string who = diagnosis.IsPrivileged ? "root" : $"user {diagnosis.Uid}, without privileges over this machine";
        int limited = diagnosis.Findings.Count(finding =>
            finding.State == FindingState.Limited && finding.Remedy is not null
        );
        string verdict =
            !diagnosis.Works ? "'tare run' does not work here"
            : limited == 0 ? "'tare run' works, and nothing is missing"
            : "'tare run' works; what is marked with - cannot be had";
        return $"Linux {diagnosis.Kernel}, {diagnosis.Architecture}, {who}\n{verdict}\n";
    }

    /// <summary>A line for each finding, and one below it for what helps.</summary>
    public static Table TableOf(IEnumerable<Finding> findings)
    {
        Table table = Tables.Plain(3);
        foreach (Finding finding in findings)
        {
            (string mark, Color colour) = finding.State switch
            {
                FindingState.Good => ("ok", Color.Green),
                FindingState.Limited => ("-", Color.Yellow),
                _ => ("no", Color.Red),
            };
            table.AddRow(
                new Text("  " + mark, new Style(colour)),
                new Text(finding.Name),
                new Text(Log.OneLine(finding.Detail ?? ""))
            );
            if (finding.Remedy is { } remedy)
            {
                table.AddRow(new Text(""), new Text(""), new Text("→ " + Log.OneLine(remedy)));
            }
        }

        return table;
    }
}
