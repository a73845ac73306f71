using Tare.OciCli.CommandLine;

namespace Tare.OciCli.Completion;

/// <summary>What stands at each place behind a command's name, as its usage has it: <c>add|remove CONTAINER-ID FILE</c>.</summary>
internal static class WordKinds
{
    /// <summary>The containers' ids.</summary>
    public const string Container = "@container";

    /// <summary>A file's name.</summary>
    public const string File = "@file";

    /// <summary>What nobody can guess.</summary>
    public const string Unknown = "@unknown";

    /// <summary>One of the constants, or the words that can be said, separated by blanks; a place each.</summary>
    public static IReadOnlyList<string> Of(Command command)
    {
        List<string> kinds = [];
        foreach (string place in command.Usage.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (kinds.Count == command.MaximumWords || place.StartsWith('['))
            {
                break;
            }

            kinds.Add(
                place == "CONTAINER-ID" ? Container
                : place == "FILE" ? File
                : char.IsAsciiLetterLower(place[0]) ? place.Replace('|', ' ')
                : Unknown
            );
        }

        return kinds;
    }

    /// <summary>The options that are advertised.</summary>
    public static IEnumerable<Option> Shown(Command command) => command.Options.Where(option => !option.Hidden);

    /// <summary>Everything that an option with a value may be called, with its dashes.</summary>
    public static IEnumerable<string> Valued(Command command) =>
        command
            .Options.Where(option => option.Kind != OptionKind.Flag)
            .SelectMany(option =>
                option.Alias == '\0'
                    ? (string[])[$"--{option.Name}", $"-{option.Name}"]
                    : [$"--{option.Name}", $"-{option.Name}", $"-{option.Alias}", $"--{option.Alias}"]
            );

    /// <summary>The program itself and every command.</summary>
    public static IEnumerable<Command> All()
    {
        yield return CommandTable.Program();
        foreach (string name in CommandTable.Names.ToArray())
        {
            yield return CommandTable.Find(name)!;
        }
    }
}
