using System.CommandLine;
using System.Globalization;
using Tare.Cli.Inspecting;
using Tare.Cli.Listing;
using Tare.Cli.Watching;

namespace Tare.Cli.CommandLine;

/// <summary>The options of <c>ps</c>, <c>top</c> and <c>inspect</c>: their names, texts and values.</summary>
internal sealed class ProcessSyntax
{
    private readonly Option<bool> all = Flag("--all", "everybody's processes, and the kernel's threads");
    private readonly Option<string> user = Text("--user", "USER", "this user's processes, by name or number");
    private readonly Option<bool> tree = Flag("--tree", "children below their parents");
    private readonly Option<string> cgroup = Text("--cgroup", "PATH", "processes in this cgroup, or below it");
    private readonly Option<string> container = new("--container")
    {
        Description = "processes in containers, or in the one whose id begins so",
        HelpName = "ID",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string> sort = Text("--sort", "COLUMN", "by this column; amounts with the largest first");
    private readonly Option<string> columns = Text("--columns", "COLUMN,…", "these columns");
    private readonly Option<bool> proportional = Flag("--pss", "with memory divided by how many share it (slow)");
    private readonly Option<bool> json = Flag("--json", "as JSON (docs/inspect.md)");
    private readonly Option<string> interval = Text(
        "--interval",
        "TIME",
        "time between two looks: 500ms, 2s (default)"
    );
    private readonly Option<string> order = Text("--sort", "KEY", "cpu (default), memory, io, pid");
    private readonly Option<bool> once = Flag("--once", "one look, then the end");
    private readonly Option<string> svg = Text("--svg", "FILE", "draw memory and summary into FILE");
    private readonly Argument<string> process = new("PID");

    /// <summary>Makes a verb.</summary>
    public Command For(string verb) =>
        verb switch
        {
            "ps" => Make(
                verb,
                Pages.ListSummary,
                all,
                user,
                tree,
                cgroup,
                container,
                sort,
                columns,
                proportional,
                json
            ),
            "top" => Make(verb, Pages.WatchSummary, interval, order, once, json),
            _ => Inspect(),
        };

    /// <summary>Reads the values.</summary>
    /// <exception cref="UsageException">A value is not what its option takes.</exception>
    public Request Read(string verb, ParseResult result) =>
        verb switch
        {
            "ps" => new Request.List(
                new ListOptions
                {
                    All = result.GetValue(all),
                    User = Word(result, user),
                    Tree = result.GetValue(tree),
                    Cgroup = Word(result, cgroup),
                    InContainer = result.GetResult(container) is not null,
                    Container = Word(result, container),
                    Sort = Word(result, sort),
                    Columns = Word(result, columns)?.Split(',', StringSplitOptions.RemoveEmptyEntries),
                    Proportional = result.GetValue(proportional),
                    Json = result.GetValue(json),
                }
            ),
            "top" => new Request.Watch(
                new WatchOptions(
                    Word(result, interval) is { } time ? Interval(time) : TimeSpan.FromSeconds(2),
                    Order(Word(result, order)),
                    result.GetValue(once),
                    result.GetValue(json)
                )
            ),
            _ => new Request.Inspect(
                new InspectOptions(ProcessId(result.GetValue(process)), result.GetValue(json), Word(result, svg))
            ),
        };

    private Command Inspect()
    {
        Command inspect = Make("inspect", Pages.InspectSummary, svg, json);
        process.Arity = ArgumentArity.ZeroOrOne;
        inspect.Arguments.Add(process);
        return inspect;
    }

    private static int ProcessId(string? text) =>
        text is null ? throw new UsageException("PID: name a process by its number")
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
        : throw new UsageException($"PID: '{text}' is no process's number");

    private static TimeSpan Interval(string text)
    {
        TimeSpan time = Quantities.Time("--interval", text);
        return time >= TimeSpan.FromMilliseconds(50) && time <= TimeSpan.FromDays(1)
            ? time
            : throw new UsageException($"--interval: '{text}' is too short or too long (50ms to 1d)");
    }

    private static WatchOrder Order(string? text) =>
        text switch
        {
            null or "cpu" => WatchOrder.Cpu,
            "memory" => WatchOrder.Memory,
            "io" => WatchOrder.Io,
            "pid" => WatchOrder.Number,
            _ => throw new UsageException($"--sort: '{text}' is unknown (use cpu, memory, io, pid)"),
        };

    private static string? Word(ParseResult result, Option<string> option) =>
        result.GetValue(option) is not { } text ? null
        : text.Length == 0 ? throw new UsageException($"{option.Name}: the value is empty")
        : text.Contains('\0', StringComparison.Ordinal)
            ? throw new UsageException($"{option.Name}: contains a zero byte")
        : text;

    private static Command Make(string verb, string summary, params Option[] options)
    {
        Command command = new(verb, summary);
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        return command;
    }

    private static Option<string> Text(string name, string value, string description) =>
        new(name)
        {
            Description = description,
            HelpName = value,
            Arity = ArgumentArity.ExactlyOne,
        };

    private static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };
}
