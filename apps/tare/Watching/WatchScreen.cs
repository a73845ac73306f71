using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Tare.Cli.Observation;

namespace Tare.Cli.Watching;

/// <summary>Draws pictures: three plots over time, the processes, a line of keys.</summary>
internal static class WatchScreen
{
    private const int PlotHeight = 4;
    private const int Frame = 2;

    // Below this height the plots give way to a line.
    private const int SmallestForPlots = 18;
    private const int SparkWidth = 10;
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Chosen = new(decoration: Decoration.Invert);
    private static readonly Style Loud = new(decoration: Decoration.Bold);

    /// <summary>The picture's lines, at most as many as the terminal has, each narrower than it.</summary>
    public static string[] Draw(
        WatchPicture picture,
        IReadOnlyList<ProcessRow> rows,
        WatchState state,
        int width,
        int height
    )
    {
        int inside = Math.Max(width - 1, 1);
        List<string> lines = [];
        if (picture.Machine is { } machine)
        {
            lines.Add(
                Text(new Text(Cut($"tare top  {WatchWords.Summary(machine, picture.Rows)}", inside), Loud), inside)[0]
            );
            IRenderable head =
                height >= SmallestForPlots ? Plots(picture, machine, inside) : Line(picture, machine, inside);
            lines.AddRange(Text(head, inside));
        }

        int room = Math.Max(height - lines.Count - 2, 0);
        int chosen = state.IndexOf(rows);
        int first = chosen < room ? 0 : chosen - room + 1;
        lines.AddRange(Text(Processes(picture, [.. rows.Skip(first).Take(room)], state, inside), inside));
        if (lines.Count > height - 1)
        {
            lines.RemoveRange(height - 1, lines.Count - height + 1);
        }

        while (lines.Count < height - 1)
        {
            lines.Add("");
        }

        lines.Add(Text(Bottom(state, inside), inside)[0]);
        return [.. lines];
    }

    private static IRenderable Plots(WatchPicture picture, MachineSample machine, int width)
    {
        int each = width / 3;
        int room = Math.Max(each - (Frame * 2), 1);
        Grid grid = new() { Width = width };
        for (int i = 0; i < 3; i++)
        {
            grid.AddColumn(
                new GridColumn
                {
                    Width = each,
                    Padding = new Padding(0),
                    NoWrap = true,
                }
            );
        }

        grid.AddRow(
            Plot(
                $"processors {WatchWords.Percent(machine.CpuPercent)} of {machine.Processors}",
                picture.Cpu,
                Color.Green
            ),
            Plot(
                $"memory {Words.Size(machine.Memory.Used)} of {Words.Size(machine.Memory.Total)}",
                picture.Memory,
                Color.Blue
            ),
            new Panel(new Rows(Pressures(picture, machine, room)))
            {
                Header = new PanelHeader(Markup.Escape(Cut(" pressure ", room))),
                BorderStyle = Quiet,
                Width = each,
            }
        );
        return grid;

        Panel Plot(string title, History history, Color colour) =>
            new(new Rows(history.Plot(room, PlotHeight, 100).Select(line => new Text(line, new Style(colour)))))
            {
                Header = new PanelHeader(Markup.Escape($" {Cut(title, room - 2)} ")),
                BorderStyle = Quiet,
                Width = each,
            };
    }

    private static IEnumerable<Text> Pressures(WatchPicture picture, MachineSample machine, int room)
    {
        (string Name, History History, double? Now)[] all =
        [
            ("processors", picture.CpuPressure, machine.CpuPressure),
            ("memory", picture.MemoryPressure, machine.MemoryPressure),
            ("disks", picture.IoPressure, machine.IoPressure),
        ];
        foreach ((string name, History history, double? now) in all)
        {
            string words = $"{name, -10} {WatchWords.Percent(now), 7} ";
            string plot = history.Plot(Math.Max(room - words.Length, 1), 1, 100)[0];
            yield return new Text(Cut(words + plot, room), new Style(now > 10 ? Color.Red : Color.Yellow));
        }

        string split =
            $"user {machine.UserPercent:0}, kernel {machine.SystemPercent:0}, disk {machine.WaitPercent:0} %";
        yield return new Text(Cut(split, room), Quiet);
    }

    private static Text Line(WatchPicture picture, MachineSample machine, int width) =>
        new(
            Cut(
                $"CPU {picture.Cpu.Plot(SparkWidth, 1, 100)[0]} {WatchWords.Percent(machine.CpuPercent)}  memory {WatchWords.Percent(machine.MemoryPercent)}  pressure {WatchWords.Percent(machine.CpuPressure)}, {WatchWords.Percent(machine.MemoryPressure)}, {WatchWords.Percent(machine.IoPressure)}",
                width
            )
        );

    private static Table Processes(WatchPicture picture, IReadOnlyList<ProcessRow> rows, WatchState state, int width)
    {
        (string Title, int Width, bool IsRight)[] columns =
        [
            ("PID", 7, true),
            ("USER", 9, false),
            ("S", 1, false),
            ("CPU%", 6, true),
            ("over time", SparkWidth, false),
            ("MEMORY", 11, true),
            ("READ/s", 11, true),
            ("WRITE/s", 11, true),
            ("TIME", 9, true),
        ];

        // On narrow terminals the command counts more than what goes to disks and since when.
        int used = columns.Sum(column => column.Width + 1);
        while (columns.Length > 4 && width - used < 20)
        {
            used -= columns[^1].Width + 1;
            columns = columns[..^1];
        }

        int last = Math.Max(width - used, 1);
        Table table = new() { Border = TableBorder.None, Width = width };
        foreach ((string title, int size, bool isRight) in columns)
        {
            TableColumn column = new(new Text(title, Loud))
            {
                Width = size,
                Padding = new Padding(0, 0, 1, 0),
                NoWrap = true,
            };
            table.AddColumn(isRight ? column.RightAligned() : column);
        }

        table.AddColumn(
            new TableColumn(new Text(Cut(Title(state), last), Loud))
            {
                Width = last,
                Padding = new Padding(0),
                NoWrap = true,
            }
        );
        foreach (ProcessRow row in rows)
        {
            bool isChosen =
                state.Chosen is { } chosen
                && chosen.ProcessId == row.Process.ProcessId
                && chosen.Started == row.Process.StartedAfterBoot;
            Style style =
                isChosen ? Chosen
                : row.Sample.CpuPercent >= 1 ? Style.Plain
                : Quiet;
            string[] cells =
            [
                row.Process.ProcessId.ToString(CultureInfo.InvariantCulture),
                row.User,
                row.Process.State.ToString(),
                row.Sample.CpuPercent.ToString("0.0", CultureInfo.InvariantCulture),
                picture.HistoryOf(row)?.Plot(SparkWidth, 1, 100)[0] ?? "",
                Words.Size(row.Process.Memory.Resident),
                WatchWords.Rate(row.Sample.ReadBytesPerSecond),
                WatchWords.Rate(row.Sample.WrittenBytesPerSecond),
                WatchWords.Clock(row.Process.CpuTime),
            ];
            table.AddRow([
                .. columns.Select(
                    (column, i) => new Text(Cut(cells[i], column.Width), style) { Overflow = Overflow.Crop }
                ),
                new Text(Cut(row.Branch + Container(row) + row.Command, last), style) { Overflow = Overflow.Crop },
            ]);
        }

        return table;
    }

    private static string Container(ProcessRow row) =>
        row.Container is { } name ? $"({Visible.Of(ContainerName.Short(name))}) " : "";

    private static string Title(WatchState state) =>
        "COMMAND" + (state.Filter.Length > 0 ? $"  (only '{Visible.Of(state.Filter)}')" : "");

    private static Text Bottom(WatchState state, int width) =>
        state switch
        {
            { Mode: WatchMode.Filter } => new(
                Cut($"only what holds: {Visible.Of(state.Filter)}_   (Enter: done, Esc: all)", width),
                Loud
            ),
            { Mode: WatchMode.Confirm, Chosen: { } chosen } => new(
                Cut(
                    $"end process {chosen.ProcessId} ({Visible.Of(chosen.Name)})?  y: SIGTERM  9: SIGKILL  any other key: no",
                    width
                ),
                new Style(Color.Red)
            ),
            { Message.Length: > 0 } => new(Cut(state.Message, width), Loud),
            _ => new(
                Cut(
                    $"q quit  sort: {Sort('c', WatchOrder.Cpu)} {Sort('m', WatchOrder.Memory)} {Sort('i', WatchOrder.Io)} {Sort('p', WatchOrder.Number)}  / filter  t tree  ↑↓ choose  k kill",
                    width
                ),
                Quiet
            ),
        };

    private static string Sort(char key, WatchOrder order) =>
        $"{key} {order switch
        {
            WatchOrder.Cpu => "cpu",
            WatchOrder.Memory => "memory",
            WatchOrder.Io => "io",
            _ => "pid",
        }}";

    private static string Cut(string text, int width) =>
        width <= 0 ? ""
        : text.Length <= width ? text
        : string.Concat(text.AsSpan(0, width - 1), "…");

    private static string[] Text(IRenderable what, int width) =>
        Reporting
            .Tables.Render(what, width, colours: string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
            .TrimEnd('\n')
            .Split('\n');
}
