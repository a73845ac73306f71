using System.Diagnostics;

namespace Tare.Linux;

/// <summary>A moment to give up at, for calls that a signal can interrupt and that are then made again.</summary>
internal readonly struct Deadline
{
    private readonly long _end;
    private readonly bool _never;

    private Deadline(long end, bool never) => (_end, _never) = (end, never);

    /// <summary>After a time from now; null is never.</summary>
    internal static Deadline After(TimeSpan? timeout) =>
        timeout is not TimeSpan span
            ? new(0, never: true)
            : new(
                Stopwatch.GetTimestamp() + (long)(Math.Max(0, span.TotalSeconds) * Stopwatch.Frequency),
                never: false
            );

    /// <summary>What is left, in nanoseconds: never below zero, except -1 for never.</summary>
    internal long RemainingNanoseconds =>
        _never ? -1 : (long)(Math.Max(0, _end - Stopwatch.GetTimestamp()) * (1_000_000_000.0 / Stopwatch.Frequency));
}
