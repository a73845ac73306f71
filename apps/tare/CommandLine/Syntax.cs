using System.CommandLine;
using System.CommandLine.Parsing;

namespace Tare.Cli.CommandLine;

/// <summary>The whole command line: verbs, their options, and what they make of the words.</summary>
internal static class Syntax
{
    // Words are words: none is the name of a file with more of them, and none is several options in one.
    private static readonly ParserConfiguration Plain = new()
    {
        ResponseFileTokenReplacer = null,
        EnablePosixBundling = false,
    };

    /// <summary>Reads the command line. What stands behind the first <c>--</c> is the command, word for word.</summary>
    /// <exception cref="UsageException">It cannot be understood.</exception>
    public static Request Parse(string[] args)
    {
        int dashes = Array.IndexOf(args, "--");
        string[] own = dashes < 0 ? args : args[..dashes];
        string[] command = dashes < 0 ? [] : args[(dashes + 1)..];
        string? verb = own.Length > 0 ? own[0] : null;
        bool wantsHelp = own.Length == 0 || Array.Exists(own, word => word is "--help" or "-h");
        switch (verb)
        {
            case "--version":
                return new Request.Page(Pages.Version);
            case "run" or "explain":
                RunSyntax syntax = new();
                Command run = verb == "run" ? syntax.ForRun() : syntax.ForExplain();
                return wantsHelp ? new Request.Page(Pages.Of(run)) : ReadRun(syntax, run, own, command, dashes >= 0);
            case "try":
                TrySyntax trying = new();
                Command attempt = trying.Make();
                return wantsHelp
                    ? new Request.Page(Pages.Of(attempt))
                    : new Request.Try(trying.Read(Checked(attempt.Parse(own[1..], Plain), verb), command, dashes >= 0));
            case "record":
                RecordSyntax recording = new();
                Command record = recording.Make();
                return wantsHelp
                    ? new Request.Page(Pages.Of(record))
                    : new Request.Record(
                        recording.Read(Checked(record.Parse(own[1..], Plain), verb), command, dashes >= 0)
                    );
            case "doctor":
                Option<bool> json = new("--json") { Description = "as JSON" };
                Command doctor = new("doctor", Pages.DoctorSummary) { json };
                return wantsHelp ? new Request.Page(Pages.Of(doctor))
                    : dashes >= 0 ? throw new UsageException("'--' is out of place: doctor takes options only")
                    : new Request.Doctor(Checked(doctor.Parse(own[1..], Plain), verb).GetValue(json));
            case "ps" or "top" or "inspect":
                ProcessSyntax processes = new();
                Command look = processes.For(verb);
                return wantsHelp ? new Request.Page(Pages.Of(look))
                    : dashes >= 0 ? throw new UsageException($"'--' is out of place: {verb} runs no command")
                    : processes.Read(verb, Checked(look.Parse(own[1..], Plain), verb));
            case null or "help" or "--help" or "-h":
                return new Request.Page(Pages.Of(new RootCommand()));
            default:
                throw new UsageException($"there is no command '{verb}' (to run it in a sandbox: tare run -- {verb})");
        }
    }

    private static Request ReadRun(RunSyntax syntax, Command verb, string[] own, string[] command, bool hasDashes)
    {
        ParseResult result = Checked(verb.Parse(own[1..], Plain), verb.Name);
        RunOptions options = syntax.Read(result, command);
        if (options.Bundle is not null)
        {
            return command.Length == 0
                ? new Request.Explain(options)
                : throw new UsageException("--bundle: the command is the bundle's own (leave one of them out)");
        }

        if (command.Length == 0 || command[0].Length == 0)
        {
            throw new UsageException(
                hasDashes
                    ? "there is no command behind '--'"
                    : $"there is no command (tare {verb.Name} [OPTIONS] -- COMMAND...)"
            );
        }

        return verb.Name == "run" ? new Request.Run(options) : new Request.Explain(options);
    }

    private static ParseResult Checked(ParseResult result, string verb)
    {
        foreach (string word in result.UnmatchedTokens)
        {
            throw new UsageException(
                word.StartsWith('-') ? $"'{word}' is no option of 'tare {verb}'"
                : verb is "doctor" or "ps" or "top" ? $"'{word}' is out of place: {verb} takes options only"
                : verb == "inspect" ? $"'{word}' is out of place: inspect takes one process's number"
                : $"'{word}' is out of place (put '--' before the command: tare {verb} -- {word})"
            );
        }

        foreach (ParseError error in result.Errors)
        {
            string text = error.Message.TrimEnd('.');
            throw new UsageException(char.ToLowerInvariant(text[0]) + text[1..]);
        }

        return result;
    }
}
