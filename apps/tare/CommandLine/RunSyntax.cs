using System.CommandLine;

namespace Tare.Cli.CommandLine;

/// <summary>The options of <c>run</c>, most of which <c>explain</c> has too: their names, texts and values.</summary>
internal sealed class RunSyntax
{
    private readonly Option<string> memory = Text(
        "--memory",
        "SIZE",
        "at most this much memory, and no swap: 512m, 2g"
    );
    private readonly Option<string> processors = Text("--cpus", "NUMBER", "at most this much processor time: 1.5");
    private readonly Option<string> processes = Text("--pids", "NUMBER", "at most this many processes and threads");
    private readonly Option<string> timeout = Text("--timeout", "TIME", "kill everything after this time: 90s, 5m, 1h");
    private readonly Option<string[]> readWrite = Texts(
        "--read-write",
        "PATH",
        "show PATH as it is: what is written there stays"
    );
    private readonly Option<string> rootfs = Text(
        "--rootfs",
        "DIR",
        "the system in DIR instead of this machine's own, copy-on-write too"
    );
    private readonly Option<string> network = Text(
        "--net",
        "NETWORK",
        "none: loopback only (default); host: this machine's"
    );
    private readonly Option<string[]> capabilities = Texts(
        "--cap-add",
        "NAME",
        "leave the program a capability, or ALL: NET_BIND_SERVICE"
    );
    private readonly Option<string> seccomp = Text(
        "--seccomp",
        "FILE",
        "only the calls that OCI's seccomp object in FILE allows"
    );
    private readonly Option<string> landlock = Text(
        "--landlock",
        "FILE",
        "only the files and TCP ports that the Landlock policy in FILE allows"
    );
    private readonly Option<string> user = Text("--user", "USER[:GROUP]", "run as another user, by name or number");
    private readonly Option<string> directory = Text(
        "--workdir",
        "DIR",
        "start in DIR instead of the working directory"
    );
    private readonly Option<string> hostName = Text("--hostname", "NAME", "the sandbox's host name");
    private readonly Option<string[]> environment = Texts(
        "--env",
        "NAME[=VALUE]",
        "set a variable, or take it over from here"
    );
    private readonly Option<string> terminal = Text(
        "--terminal",
        "WHEN",
        "a terminal of its own: auto (if this is one; default), always, never"
    );
    private readonly Option<bool> statistics = Flag("--stats", "tell at the end what it used");
    private readonly Option<bool> trace = Flag("--trace", "tell how long each step of the launch took");
    private readonly Option<string> json = new("--json")
    {
        Description = "tell result and statistics as JSON, in FILE or on standard error",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> planAsJson = Flag("--json", "the plan as JSON (docs/plan-format.md)");
    private readonly Option<bool> bestEffort = Flag("--best-effort", "leave out limits that cannot be had, and say so");
    private readonly Option<string> bundle = Text("--bundle", "DIR", "an OCI bundle instead of a command");

    /// <summary>Makes <c>run</c>.</summary>
    public Command ForRun()
    {
        Command run = new("run", Pages.RunSummary);
        Add(run, [.. Shared, statistics, json, trace, bestEffort]);
        return run;
    }

    /// <summary>Makes <c>explain</c>.</summary>
    public Command ForExplain()
    {
        Command explain = new("explain", Pages.ExplainSummary);
        Add(explain, [.. Shared, statistics, planAsJson, bundle, bestEffort]);
        return explain;
    }

    /// <summary>The options that every launch has.</summary>
    internal Option[] Shared =>
        [
            memory,
            processors,
            processes,
            timeout,
            readWrite,
            rootfs,
            network,
            capabilities,
            seccomp,
            landlock,
            user,
            directory,
            hostName,
            environment,
            terminal,
        ];

    /// <summary>The option that lets limits be left out.</summary>
    internal Option BestEffort => bestEffort;

    /// <summary>Reads the values.</summary>
    /// <exception cref="UsageException">A value is not what its option takes.</exception>
    public RunOptions Read(ParseResult result, IReadOnlyList<string> command)
    {
        bool isRun = result.CommandResult.Command.Name == "run";
        return new RunOptions
        {
            Memory = Get(memory, Quantities.Size),
            Processors = Get(processors, Quantities.Processors),
            Processes = Get(processes, Quantities.Count),
            Timeout = Get(timeout, Quantities.Time),
            ReadWrite = Words(result, readWrite),
            Environment = Words(result, environment),
            User = Word(result, user),
            WorkingDirectory = Word(result, directory),
            HostName = Word(result, hostName),
            Rootfs = Word(result, rootfs),
            HostNetwork = Choose(result, network, ["none", "host"]) == 1,
            Capabilities = Words(result, capabilities),
            SeccompFile = Word(result, seccomp),
            LandlockFile = Word(result, landlock),
            Terminal = (TerminalUse)Choose(result, terminal, ["auto", "always", "never"]),
            Statistics = result.GetValue(statistics),
            Json = isRun ? result.GetResult(json) is not null : result.GetValue(planAsJson),
            JsonFile = isRun ? Word(result, json) : null,
            Trace = isRun && result.GetValue(trace),
            BestEffort = result.GetValue(bestEffort),
            Bundle = isRun ? null : Word(result, bundle),
            Command = command,
        };

        T? Get<T>(Option<string> option, Func<string, string, T> read)
            where T : struct => result.GetValue(option) is { } text ? read(option.Name, text) : null;
    }

    internal static string? Word(ParseResult result, Option<string> option) =>
        result.GetValue(option) is not { } text ? null
        : text.Length > 0 ? Checked(option.Name, text)
        : throw new UsageException($"{option.Name}: the value is empty");

    internal static string[] Words(ParseResult result, Option<string[]> option)
    {
        string[] words = result.GetValue(option) ?? [];
        foreach (string word in words)
        {
            _ =
                word.Length > 0
                    ? Checked(option.Name, word)
                    : throw new UsageException($"{option.Name}: a value is empty");
        }

        return words;
    }

    private static string Checked(string option, string text) =>
        text.Contains('\0', StringComparison.Ordinal)
            ? throw new UsageException($"{option}: contains a zero byte")
            : text;

    private static int Choose(ParseResult result, Option<string> option, string[] words)
    {
        if (result.GetValue(option) is not { } text)
        {
            return 0;
        }

        int index = Array.IndexOf(words, text);
        return index >= 0
            ? index
            : throw new UsageException($"{option.Name}: '{text}' is unknown (use {string.Join(", ", words)})");
    }

    internal static void Add(Command command, Option[] options)
    {
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }

    internal static Option<string> Text(string name, string value, string description) =>
        new(name)
        {
            Description = description,
            HelpName = value,
            Arity = ArgumentArity.ExactlyOne,
        };

    internal static Option<string[]> Texts(string name, string value, string description) =>
        new(name)
        {
            Description = description + " (can be repeated)",
            HelpName = value,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };

    internal static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };
}
