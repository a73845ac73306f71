using System.Collections.Immutable;

namespace Tare.Launch;

/// <summary>When each step of a launch ended.</summary>
/// <param name="Begin">When the child ran its first instruction, from an arbitrary point (CLOCK_MONOTONIC).</param>
/// <param name="Ends">When each step ended, by its index in the plan; null for one that was passed over, or never ended
/// because it executed the program.</param>
public sealed record LaunchTrace(TimeSpan Begin, ImmutableArray<TimeSpan?> Ends)
{
    /// <summary>How long each step took, gaps to the one before included; null as in <see cref="Ends"/>.</summary>
    public IReadOnlyList<TimeSpan?> Durations()
    {
        TimeSpan?[] durations = new TimeSpan?[Ends.Length];
        TimeSpan before = Begin;
        for (int i = 0; i < durations.Length; i++)
        {
            if (Ends[i] is { } end)
            {
                durations[i] = end - before;
                before = end;
            }
        }

        return durations;
    }
}
