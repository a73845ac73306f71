using System.Collections.Immutable;

namespace Tare.Launch;

/// <summary>When each step of a launch ended.</summary>
/// <param name="Begin">When the child ran its first instruction, from an arbitrary point (CLOCK_MONOTONIC).</param>
/// <param name="Ends">When each step ended, by its index in the plan; null for one that was passed over, or never ended
/// because it executed the program.</param>
public sealed record LaunchTrace(TimeSpan Begin, ImmutableArray<TimeSpan?> Ends)
{
    /// <summary>
    /// How long each step took, gaps to the one before included; null as in <see cref="Ends"/>. What was before is told by
    /// the clock, because steps that make another process are passed by two, and the later one counts.
    /// </summary>
    public IReadOnlyList<TimeSpan?> Durations()
    {
        TimeSpan?[] durations = new TimeSpan?[Ends.Length];
        TimeSpan before = Begin;
        foreach (int i in Enumerable.Range(0, Ends.Length).Where(i => Ends[i] is not null).OrderBy(i => Ends[i]))
        {
            durations[i] = Ends[i] - before;
            before = Ends[i]!.Value;
        }

        return durations;
    }
}
