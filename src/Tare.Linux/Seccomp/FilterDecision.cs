using System.Collections.Immutable;

namespace Tare.Linux;

/// <summary>How a filter decides about a call: by the first rule whose conditions hold, else always the same.</summary>
/// <param name="rules">The rules, each with conditions.</param>
/// <param name="otherwise">What is answered where no rule holds.</param>
/// <param name="isNarrow">Arguments have 32 bits.</param>
internal sealed class FilterDecision(ImmutableArray<FilterRule> rules, uint otherwise, bool isNarrow)
    : IEquatable<FilterDecision>
{
    /// <summary>The rules, each with conditions.</summary>
    public ImmutableArray<FilterRule> Rules { get; } = rules;

    /// <summary>What is answered where no rule holds.</summary>
    public uint Otherwise { get; } = otherwise;

    /// <summary>Arguments have 32 bits.</summary>
    public bool IsNarrow { get; } = isNarrow;

    /// <summary>The same answer always.</summary>
    public static FilterDecision Always(uint verdict) => new([], verdict, isNarrow: false);

    /// <summary>
    /// What the rules for a call come to. One without conditions makes all others void, the first of several, as in
    /// libseccomp; where they count in order, only those behind it.
    /// </summary>
    public static FilterDecision Of(IReadOnlyList<FilterRule> rules, uint otherwise, bool isNarrow, bool inOrder)
    {
        for (int i = 0; i < rules.Count; i++)
        {
            if (rules[i].Conditions.IsEmpty)
            {
                return inOrder && i > 0
                    ? new FilterDecision([.. rules.Take(i)], rules[i].Verdict, isNarrow)
                    : Always(rules[i].Verdict);
            }
        }

        return new FilterDecision([.. rules], otherwise, isNarrow);
    }

    /// <inheritdoc />
    public bool Equals(FilterDecision? other) =>
        other is not null
        && Otherwise == other.Otherwise
        && (IsNarrow == other.IsNarrow || Rules.IsEmpty)
        && Rules.SequenceEqual(other.Rules);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as FilterDecision);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Otherwise, Rules.Length);
}
