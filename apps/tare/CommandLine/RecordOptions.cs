namespace Tare.Cli.CommandLine;

/// <summary>What the command line of <c>record</c> says.</summary>
internal sealed record RecordOptions
{
    /// <summary>The file that gets the profile of system calls.</summary>
    public string? SeccompFile { get; init; }

    /// <summary>The file that gets the Landlock policy.</summary>
    public string? LandlockFile { get; init; }

    /// <summary>The file that gets the whole recording.</summary>
    public string? JsonFile { get; init; }

    /// <summary>Recordings that are added.</summary>
    public IReadOnlyList<string> Merge { get; init; } = [];

    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }
}
