using System.Globalization;

namespace Tare.Launch;

/// <summary>How a plan is launched, beside what it does.</summary>
public sealed record LaunchOptions
{
    /// <summary>What most launches need.</summary>
    public static LaunchOptions Default { get; } = new();

    /// <summary>The end of each step is noted by the clock (<see cref="LaunchedProcess.Trace"/>).</summary>
    public bool Trace { get; init; }

    /// <summary>
    /// The index of a step before which the child kills the launching process and waits until it is gone; -1 for none. So
    /// tests show that a launcher may be killed at any step.
    /// </summary>
    public int KillLauncherBefore { get; init; } = -1;

    /// <summary>
    /// The index of a step instead of which the child fails with EIO; -1 for none. So tests show that nothing is left
    /// whichever step fails.
    /// </summary>
    public int FailAt { get; init; } = -1;

    /// <summary>Where memory is taken from and left for another launch of the same plan; null is memory of its own for each launch.</summary>
    public LaunchSpares? Spares { get; init; }

    /// <summary>The index of a step that is counted from 1, as plans are printed; -1 where the text is no number.</summary>
    public static int IndexOf(string? step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number - 1 : -1;
}
