using Spectre.Console;
using Tare.Cli.Observation;
using Tare.Cli.Reporting;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Listing;

/// <summary><c>tare ps</c>: processes as a table.</summary>
internal static class ListVerb
{
    /// <summary>Lists.</summary>
    /// <returns>0, or 1 where no process is as was asked for.</returns>
    /// <exception cref="UsageException">A column or a user is not known.</exception>
    public static int Run(ListOptions options)
    {
        ProcessColumn[] columns =
        [
            .. (options.Columns ?? Usual(options)).Select(name => ProcessColumn.Named("--columns", name)),
        ];
        ProcessColumn? sort = options.Sort is { } key ? ProcessColumn.Named("--sort", key) : null;
        ProcessFilter filter = new(options);
        SnapshotParts parts = columns.Aggregate(
            SnapshotParts.Cgroups | (sort?.Parts ?? 0),
            (all, column) => all | column.Parts
        );
        if (options.Json)
        {
            parts |= SnapshotParts.Usual | (options.Proportional ? SnapshotParts.ProportionalMemory : 0);
        }

        List<ProcessRow> rows = [.. new ProcessSource(parts).Take().Where(filter.Shows)];
        IReadOnlyList<ProcessRow> sorted = Sorted(rows, sort);
        IReadOnlyList<ProcessRow> shown = options.Tree ? ProcessTree.Of(sorted) : sorted;
        Output.Write(options.Json ? ListedProcess.Format(shown) : Table(shown, columns));
        return shown.Count > 0 ? 0 : 1;
    }

    private static string[] Usual(ListOptions options) =>
        [
            .. ProcessColumn.Usual.SelectMany(name =>
                name == "rss" && options.Proportional ? (string[])["rss", "pss"] : [name]
            ),
        ];

    private static IReadOnlyList<ProcessRow> Sorted(List<ProcessRow> rows, ProcessColumn? column) =>
        column is null ? rows
        : column.IsDescending ? [.. rows.OrderByDescending(column.Key)]
        : [.. rows.OrderBy(column.Key)];

    private static string Table(IReadOnlyList<ProcessRow> rows, ProcessColumn[] columns)
    {
        PlainColumns table = new(columns.Select(column => column.IsNumber));
        table.Add([.. columns.Select(column => column.Name.ToUpperInvariant())]);
        foreach (ProcessRow row in rows)
        {
            table.Add([.. columns.Select(column => column.Text(row))]);
        }

        SysResult<Tare.Linux.Abi.WinSize> size = Terminals.GetSize(Output.Standard);
        return table.Format(size.Ok && size.Value.Columns > 0 ? size.Value.Columns : null);
    }
}
