using System.Collections.Immutable;

namespace Tare.Runtime.Seccomp;

/// <summary>How a filter decides about a call: by the first rule whose conditions hold, else always the same.</summary>
/// <param name="rules">The rules, each with conditions.</param>
/// <param name="otherwise">What is answered where no rule holds.</param>
/// <param name="isNarrow">Arguments have 32 bits.</param>
internal sealed class Decision(ImmutableArray<FilterRule> rules, uint otherwise, bool isNarrow) : IEquatable<Decision>
{
    /// <summary>The rules, each with conditions.</summary>
    public ImmutableArray<FilterRule> Rules { get; } = rules;

    /// <summary>What is answered where no rule holds.</summary>
    public uint Otherwise { get; } = otherwise;

    /// <summary>Arguments have 32 bits.</summary>
    public bool IsNarrow { get; } = isNarrow;

    /// <summary>The same answer always.</summary>
    public static Decision Always(uint verdict) => new([], verdict, isNarrow: false);

    /// <summary>
    /// What the rules for a call come to. One without conditions makes all others void, the first of several, as in
    /// libseccomp.
    /// </summary>
    public static Decision Of(IReadOnlyList<FilterRule> rules, uint otherwise, bool isNarrow)
    {
        foreach (FilterRule rule in rules)
        {
            if (rule.Conditions.IsEmpty)
            {
                return Always(rule.Verdict);
            }
        }

        return new Decision([.. rules], otherwise, isNarrow);
    }

    /// <inheritdoc />
    public bool Equals(Decision? other) =>
        other is not null
        && Otherwise == other.Otherwise
        && (IsNarrow == other.IsNarrow || Rules.IsEmpty)
        && Rules.SequenceEqual(other.Rules);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Decision);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Otherwise, Rules.Length);
}
