namespace Tare.OciCli.CommandLine;

/// <summary>A command line that has been understood.</summary>
internal sealed class Arguments(Command command)
{
    private readonly List<(Option Option, string Value)> given = [];
    private readonly List<string> words = [];

    /// <summary>The command that the options belong to.</summary>
    public Command Command { get; } = command;

    /// <summary>What stood between and behind the options.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>Whether a flag is set.</summary>
    public bool Has(string name) => Last(name) is { } value && value != "false";

    /// <summary>What was given with an option, or null.</summary>
    public string? Text(string name) => Last(name);

    /// <summary>Everything that was given with an option, in order.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        List<string> texts = [];
        foreach ((Option option, string value) in given)
        {
            if (option.Name == name)
            {
                texts.Add(value);
            }
        }

        return texts;
    }

    /// <summary>The number given with an option, or another.</summary>
    public int Number(string name, int otherwise) => Last(name) is { } text ? int.Parse(text) : otherwise;

    internal void Add(Option option, string value) => given.Add((option, value));

    internal void Add(string word) => words.Add(word);

    private string? Last(string name)
    {
        for (int i = given.Count - 1; i >= 0; i--)
        {
            if (given[i].Option.Name == name)
            {
                return given[i].Value;
            }
        }

        return null;
    }
}
