namespace Tare.Fixtures;

/// <summary>How a program is run by <see cref="Tool"/>.</summary>
public sealed record ToolOptions
{
    /// <summary>What the program reads on standard input; nothing is an empty input.</summary>
    public string Input { get; init; } = "";

    /// <summary>The directory it runs in; null is the test's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables to set on top of the test's own environment; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The user to run as (and the group of the same number), without capabilities; null is the test's own.</summary>
    public int? User { get; init; }

    /// <summary>When a program that hangs is killed, so that a test fails rather than the whole run.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);
}
