namespace Tare.OciCli.CommandLine;

/// <summary>A verb of the command line, or the program itself with its global options.</summary>
/// <param name="Name">What people type.</param>
/// <param name="Summary">What it does, on one line.</param>
/// <param name="Usage">What stands behind the options, for people: <c>CONTAINER-ID</c>.</param>
/// <param name="Options">The options that it understands.</param>
internal sealed record Command(string Name, string Summary, string Usage, Option[] Options)
{
    /// <summary>How many words must stand behind the options.</summary>
    public int MinimumWords { get; init; }

    /// <summary>How many words may stand behind the options.</summary>
    public int MaximumWords { get; init; }

    /// <summary>
    /// Options end at the first word, because the words behind it are another program's; otherwise options may also
    /// follow the words.
    /// </summary>
    public bool OptionsFirst { get; init; }

    /// <summary>More about it, for its help page.</summary>
    public string Description { get; init; } = "";
}
