using Tare.Cli.Sandbox;
using Tare.Launch;
using Tare.Linux;

namespace Tare.Cli.Reporting;

/// <summary>How a <c>tare run</c> went: what <c>--stats</c>, <c>--trace</c> and <c>--json</c> tell.</summary>
internal sealed record RunReport
{
    /// <summary>The exit status of <c>tare run</c> itself.</summary>
    public required int ExitCode { get; init; }

    /// <summary>How the program ended; null where it did not start.</summary>
    public ExitStatus? Ended { get; init; }

    /// <summary>Why it did not start; null where it did.</summary>
    public string? Error { get; init; }

    /// <summary>It was killed because the time was up.</summary>
    public bool TimedOut { get; init; }

    /// <summary>How many processes the kernel killed for want of memory.</summary>
    public long OutOfMemoryKills { get; init; }

    /// <summary>What it used; null where it did not start.</summary>
    public RunStatistics? Statistics { get; init; }

    /// <summary>How long each step of the launch took; null where nobody asked.</summary>
    public LaunchTrace? Trace { get; init; }

    /// <summary>The plan that <see cref="Trace"/> is about.</summary>
    public LaunchPlan? Plan { get; init; }

    /// <summary>The limits that were left out.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];

    /// <summary>The directories that were read-only and should have been copy-on-write.</summary>
    public IReadOnlyList<string> ShownReadOnly { get; init; } = [];
}
