using System.Collections.Immutable;

namespace Tare.Linux;

/// <summary>What a filter answers where all conditions hold, or always where there are none.</summary>
/// <param name="Conditions">The conditions.</param>
/// <param name="Verdict">What the kernel is told: an action and its data.</param>
internal sealed record FilterRule(ImmutableArray<ArgumentCondition> Conditions, uint Verdict)
{
    /// <summary>The rules that one stands for: where any condition is enough, one for each.</summary>
    public static ImmutableArray<FilterRule> Of(CallRule rule) =>
        rule.AnyCondition
            ? [.. rule.Conditions.Select(condition => new FilterRule([condition], rule.Verdict))]
            : [new FilterRule([.. rule.Conditions.AsSpan()], rule.Verdict)];

    /// <summary>
    /// The same for an operation of a multiplexer, where nothing is known of arguments; null where it would let through what it
    /// is not about.
    /// </summary>
    public FilterRule? StrictlyFor(CallMultiplexer multiplexer) =>
        Conditions.IsEmpty || !FilterVerdicts.LetsThrough(Verdict)
            ? this with
            {
                Conditions = [new ArgumentCondition(0, ArgumentComparison.Equal, multiplexer.Operation)],
            }
            : null;

    /// <summary>The same for an operation of a multiplexer, whose first argument is the operation and not the call's.</summary>
    public FilterRule For(CallMultiplexer multiplexer) =>
        this with
        {
            Conditions =
            [
                new ArgumentCondition(0, ArgumentComparison.Equal, multiplexer.Operation),
                .. Conditions.Where(condition => condition.Index != 0),
            ],
        };
}
