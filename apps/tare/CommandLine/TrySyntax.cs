using System.CommandLine;

namespace Tare.Cli.CommandLine;

/// <summary>The options of <c>try</c>: those of every launch, and what becomes of the changes.</summary>
internal sealed class TrySyntax
{
    private readonly RunSyntax run = new();
    private readonly Option<bool> apply = RunSyntax.Flag("--apply", "make the changes on this machine, without asking");
    private readonly Option<bool> drop = RunSyntax.Flag("--drop", "show the changes and forget them, without asking");
    private readonly Option<string> export = RunSyntax.Text(
        "--export",
        "FILE",
        "write the changes to FILE, a tar archive as of an OCI layer, and forget them"
    );
    private readonly Option<bool> force = RunSyntax.Flag(
        "--force",
        "overwrite what was changed on this machine meanwhile"
    );
    private readonly Option<bool> diff = RunSyntax.Flag("--diff", "show the differences of text files");
    private readonly Option<string> json = new("--json")
    {
        Description = "tell the changes as JSON, in FILE or on standard error",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> list = RunSyntax.Flag("--list", "list the changes that are kept");
    private readonly Option<string> resume = RunSyntax.Text("--resume", "ID", "decide about changes that are kept");
    private readonly Option<string> state = RunSyntax.Text(
        "--state",
        "DIR",
        "keep changes in DIR until they are decided"
    );

    /// <summary>Makes the command.</summary>
    public Command Make()
    {
        Command command = new("try", Pages.TrySummary);
        RunSyntax.Add(
            command,
            [.. run.Shared, run.BestEffort, apply, drop, export, force, diff, json, list, resume, state]
        );
        return command;
    }

    /// <summary>Reads the values.</summary>
    /// <exception cref="UsageException">A value is not what its option takes, or options do not go together.</exception>
    public TryOptions Read(ParseResult result, IReadOnlyList<string> command, bool hasDashes)
    {
        TryOptions options = new()
        {
            Resume = RunSyntax.Word(result, resume),
            List = result.GetValue(list),
            Apply = result.GetValue(apply),
            Drop = result.GetValue(drop),
            Export = RunSyntax.Word(result, export),
            Force = result.GetValue(force),
            Diff = result.GetValue(diff),
            Json = result.GetResult(json) is not null,
            JsonFile = RunSyntax.Word(result, json),
            State = RunSyntax.Word(result, state),
        };
        Check(options);
        if (options.List || options.Resume is not null)
        {
            return hasDashes
                ? throw new UsageException(
                    $"{(options.List ? "--list" : "--resume")}: no command is run (leave '--' out)"
                )
                : options;
        }

        if (command.Count == 0 || command[0].Length == 0)
        {
            throw new UsageException(
                hasDashes ? "there is no command behind '--'" : "there is no command (tare try [OPTIONS] -- COMMAND...)"
            );
        }

        return options with
        {
            Run = run.Read(result, command),
        };
    }

    private static void Check(TryOptions options)
    {
        int answers = (options.Apply ? 1 : 0) + (options.Drop ? 1 : 0) + (options.Export is not null ? 1 : 0);
        if (answers > 1)
        {
            throw new UsageException("--apply, --drop and --export: only one of them can be");
        }

        if (options.List && (answers > 0 || options.Resume is not null || options.Force || options.Diff))
        {
            throw new UsageException("--list: stands alone, or with --json and --state");
        }

        if (options.Force && (options.Drop || options.Export is not null))
        {
            throw new UsageException("--force: is about --apply");
        }
    }
}
