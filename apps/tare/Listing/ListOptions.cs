namespace Tare.Cli.Listing;

/// <summary>What the command line of <c>ps</c> says.</summary>
internal sealed record ListOptions
{
    /// <summary>Everybody's processes, the kernel's threads too.</summary>
    public bool All { get; init; }

    /// <summary>The user whose processes are wanted: a name or a number.</summary>
    public string? User { get; init; }

    /// <summary>Children stand below their parents.</summary>
    public bool Tree { get; init; }

    /// <summary>The cgroup that they are in, or below: its path as /proc/PID/cgroup has it, or its directory.</summary>
    public string? Cgroup { get; init; }

    /// <summary>Only processes in containers.</summary>
    public bool InContainer { get; init; }

    /// <summary>Only those of this container: its id, or how it begins.</summary>
    public string? Container { get; init; }

    /// <summary>The column that they are sorted by.</summary>
    public string? Sort { get; init; }

    /// <summary>The columns; null is the usual ones.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>PSS too.</summary>
    public bool Proportional { get; init; }

    /// <summary>As JSON.</summary>
    public bool Json { get; init; }
}
