namespace Tare.Cli.CommandLine;

/// <summary>What the command line of <c>try</c> says.</summary>
internal sealed record TryOptions
{
    /// <summary>How the command is run; null where changes that are kept are meant.</summary>
    public RunOptions? Run { get; init; }

    /// <summary>The kept changes that are meant; null where a command is run or all are listed.</summary>
    public string? Resume { get; init; }

    /// <summary>The kept changes are listed.</summary>
    public bool List { get; init; }

    /// <summary>The changes are made on the machine.</summary>
    public bool Apply { get; init; }

    /// <summary>The changes are forgotten.</summary>
    public bool Drop { get; init; }

    /// <summary>The file that gets the changes as an archive.</summary>
    public string? Export { get; init; }

    /// <summary>What the machine has changed meanwhile is overwritten.</summary>
    public bool Force { get; init; }

    /// <summary>The differences of text files are shown.</summary>
    public bool Diff { get; init; }

    /// <summary>The changes are told as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>The file that the JSON goes to.</summary>
    public string? JsonFile { get; init; }

    /// <summary>Where changes are kept; null is the default.</summary>
    public string? State { get; init; }
}
