namespace Tare.Cli.CommandLine;

/// <summary>What the command line of <c>run</c> and <c>explain</c> says, each value read once.</summary>
internal sealed record RunOptions
{
    /// <summary>The most memory, in bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>How many processors' worth of time.</summary>
    public decimal? Processors { get; init; }

    /// <summary>The most processes and threads.</summary>
    public long? Processes { get; init; }

    /// <summary>After what time everything is killed.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Paths of the machine that are shown as they are, to be written.</summary>
    public IReadOnlyList<string> ReadWrite { get; init; } = [];

    /// <summary>Variables to set (<c>NAME=VALUE</c>), or to take over from the caller (<c>NAME</c>).</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary><c>USER[:GROUP]</c>, names or numbers.</summary>
    public string? User { get; init; }

    /// <summary>The directory to start in.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The host name.</summary>
    public string? HostName { get; init; }

    /// <summary>A directory with another system's files.</summary>
    public string? Rootfs { get; init; }

    /// <summary>The machine's own network.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>The capabilities that the program has.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>The file with the system calls that the program may make.</summary>
    public string? SeccompFile { get; init; }

    /// <summary>The file with the files and ports that the program may reach.</summary>
    public string? LandlockFile { get; init; }

    /// <summary>Whether the program gets a terminal of its own.</summary>
    public TerminalUse Terminal { get; init; }

    /// <summary>What it used is told at the end.</summary>
    public bool Statistics { get; init; }

    /// <summary>What is told is JSON.</summary>
    public bool Json { get; init; }

    /// <summary>The file that the JSON goes to instead of standard error.</summary>
    public string? JsonFile { get; init; }

    /// <summary>Each step of the launch is told with its duration.</summary>
    public bool Trace { get; init; }

    /// <summary>What cannot be had may be left out.</summary>
    public bool BestEffort { get; init; }

    /// <summary>An OCI bundle to explain instead of a command.</summary>
    public string? Bundle { get; init; }

    /// <summary>Where layers are kept, which the program does not see; null where none are.</summary>
    public string? LayerRoot { get; init; }

    /// <summary>The program and its arguments.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>A limit is asked for that takes a cgroup.</summary>
    public bool HasLimits => Memory is not null || Processors is not null || Processes is not null;
}

/// <summary>When the program gets a terminal of its own.</summary>
internal enum TerminalUse
{
    /// <summary>Where standard input and output are one.</summary>
    Auto,

    /// <summary>In any case.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
