using System.Text;
using Spectre.Console;
using Tare.Bench.Measuring;

namespace Tare.Bench.Reports;

/// <summary>What was measured, on the terminal at once and at the end as Markdown.</summary>
internal sealed class Report(string machine)
{
    private const string Begin = "<!-- measured by ./bench: begin -->";
    private const string End = "<!-- measured by ./bench: end -->";
    private readonly StringBuilder markdown = new($"{machine}\n");

    /// <summary>Adds a measurement's table.</summary>
    public void Add(Measurement measurement, IReadOnlyList<Sample> samples)
    {
        Add(measurement.Title, Row.Columns, Row.Of(measurement, samples).Select(row => row.Cells));
        foreach (string remark in measurement.Remarks)
        {
            Add(remark);
        }
    }

    /// <summary>Adds a sentence.</summary>
    public void Add(string sentence)
    {
        AnsiConsole.MarkupLineInterpolated($"{sentence}");
        markdown.Append($"\n{sentence}\n");
    }

    /// <summary>Adds another table. The first column is text, the others are numbers or short words.</summary>
    public void Add(string title, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Table table = new Table().Title(Markup.Escape(title)).Border(TableBorder.Simple);
        markdown.Append($"\n**{title}**\n\n| {string.Join(" | ", columns)} |\n|---|");
        for (int i = 0; i < columns.Count; i++)
        {
            TableColumn column = new(Markup.Escape(columns[i]));
            table.AddColumn(i == 0 ? column : column.RightAligned());
            markdown.Append(i == 0 ? "" : "--:|");
        }

        markdown.Append('\n');
        foreach (IReadOnlyList<string> cells in rows)
        {
            table.AddRow([.. cells.Select(Markup.Escape)]);
            markdown.Append($"| {string.Join(" | ", cells)} |\n");
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Puts all tables between the marks of a document.</summary>
    public void Save(string path)
    {
        string text = File.ReadAllText(path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new BenchException($"'{path}' lacks the lines '{Begin}' and '{End}'");
        }

        File.WriteAllText(path, $"{text[..(begin + Begin.Length)]}\n\n{markdown}\n{text[end..]}");
    }
}
