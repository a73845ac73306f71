using System.Text;
using Tare.Conformance.Running;
using Tare.Conformance.Suite;

namespace Tare.Conformance.Reports;

/// <summary>The outcomes of several runtimes beside each other, as Markdown.</summary>
public sealed class ConformanceTable(IReadOnlyList<OciRuntime> runtimes, KnownPeerFailures known)
{
    private readonly Dictionary<(Check Check, OciRuntime Runtime), Outcome> _outcomes = [];

    /// <summary>Notes what came of a check.</summary>
    public void Add(Check check, OciRuntime runtime, Outcome outcome) => _outcomes.Add((check, runtime), outcome);

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine("# Conformance");
        text.AppendLine();
        text.AppendLine(
            "Written by `eng/conformance`: what the checks of [tests/conformance](../tests/conformance) came to on one machine."
        );
        text.AppendLine(
            "Rows are those of the feature tables that the project works by. ✓ does it, ✗ does not, – this machine cannot tell."
        );
        text.AppendLine();
        text.AppendLine(
            "| | " + string.Join(" | ", runtimes.Select(runtime => $"{runtime.Name} {runtime.Version}")) + " |"
        );
        text.AppendLine("|---|" + string.Concat(Enumerable.Repeat("---|", runtimes.Count)));
        foreach ((string words, Verdict verdict) in Verdicts)
        {
            text.AppendLine(
                $"| {words} | " + string.Join(" | ", runtimes.Select(runtime => Count(runtime, verdict))) + " |"
            );
        }

        List<string> notes = [];
        foreach (Group group in Checklist.Groups)
        {
            text.AppendLine().AppendLine($"## {group.Name}").AppendLine().AppendLine(group.Source).AppendLine();
            text.AppendLine(
                "| rows | requirement | " + string.Join(" | ", runtimes.Select(runtime => runtime.Name)) + " |"
            );
            text.AppendLine("|---|---|" + string.Concat(Enumerable.Repeat("---|", runtimes.Count)));
            foreach (Check check in group.Checks)
            {
                IEnumerable<string> cells = runtimes.Select(runtime => Cell(group, check, runtime, notes));
                text.AppendLine($"| {check.Rows} | {Escape(check.Requirement)} | {string.Join(" | ", cells)} |");
            }
        }

        text.AppendLine().AppendLine("## Why not");
        for (int at = 0; at < notes.Count; at++)
        {
            text.AppendLine().AppendLine($"{at + 1}. {notes[at]}");
        }

        return text.ToString();
    }

    private static readonly (string, Verdict)[] Verdicts =
    [
        ("does", Verdict.Passed),
        ("does not", Verdict.Failed),
        ("this machine cannot tell", Verdict.Skipped),
    ];

    private int Count(OciRuntime runtime, Verdict verdict) =>
        _outcomes.Count(pair => pair.Key.Runtime == runtime && pair.Value.Verdict == verdict);

    private string Cell(Group group, Check check, OciRuntime runtime, List<string> notes)
    {
        Outcome outcome = _outcomes[(check, runtime)];
        if (outcome.Verdict == Verdict.Passed)
        {
            return "✓";
        }

        string why = known.ReasonOf(runtime, group.Name, check.Requirement) ?? FirstLine(outcome.Why);
        notes.Add($"{runtime.Name}: {Escape(why)}");
        return (outcome.Verdict == Verdict.Failed ? "✗" : "–") + $" ({notes.Count})";
    }

    private static string FirstLine(string text) =>
        string.Join(
            ' ',
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(3)
        );

    private static string Escape(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
