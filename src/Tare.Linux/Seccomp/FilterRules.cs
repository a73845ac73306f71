using System.Collections.Immutable;

namespace Tare.Linux;

/// <summary>
/// What a filter on system calls is to say, before it is a program: which answer which calls get. An answer is a word of the
/// kernel's, an action and its data (<see cref="FilterVerdicts"/>). Unknown names are passed over. seccomp(2).
/// </summary>
public sealed record FilterRules
{
    /// <summary>What becomes of calls that no rule is about.</summary>
    public required uint Otherwise { get; init; }

    /// <summary>The ways of making calls that are decided by the rules, besides the processor's own; by any other a thread is killed.</summary>
    public ImmutableArray<FilterAbi> FurtherAbis { get; init; } = [];

    /// <summary>
    /// The rules. One without conditions decides alone about its calls, the first of several; else the first whose conditions
    /// all hold. One that answers what is answered otherwise is none: it takes nothing back.
    /// </summary>
    public ImmutableArray<CallRule> Rules { get; init; } = [];

    /// <summary>
    /// Of the rules for a call the first whose conditions all hold decides, be it one without conditions, and also where it
    /// answers what is answered otherwise. A call that i386 makes by a multiplexer has its arguments in memory, where no filter
    /// can look: of a rule with conditions there it counts that it refuses, and not that it lets through.
    /// </summary>
    public bool InOrder { get; init; }

    /// <summary>
    /// A call whose number is above all that rules name fails with ENOSYS, unless all others are allowed, logged or traced:
    /// programs try a new call and, told that there is none, an older one; told anything else many give up.
    /// </summary>
    public bool HidesNewCalls { get; init; } = true;

    /// <summary>Some call is to wait for an answer of another process.</summary>
    public bool Notifies =>
        FilterVerdicts.IsNotify(Otherwise) || Rules.Any(static rule => FilterVerdicts.IsNotify(rule.Verdict));
}

/// <summary>What becomes of some calls.</summary>
/// <param name="Names">The calls' names.</param>
/// <param name="Verdict">The answer.</param>
/// <param name="Conditions">Only of calls whose arguments are all like this; empty is of all.</param>
public sealed record CallRule(ImmutableArray<string> Names, uint Verdict, ImmutableArray<ArgumentCondition> Conditions)
{
    /// <summary>Any one of the conditions is enough; preconditions: there is one.</summary>
    public bool AnyCondition { get; init; }
}

/// <summary>What an argument of a call must be: compared without a sign, as 64 bits; as 32 where registers have no more.</summary>
/// <param name="Index">Which one, from 0 to 5.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">What it is compared with; the mask of <see cref="ArgumentComparison.MaskedEqual"/>.</param>
/// <param name="Masked">With <see cref="ArgumentComparison.MaskedEqual"/> what the masked argument is compared with.</param>
public sealed record ArgumentCondition(int Index, ArgumentComparison Comparison, ulong Value, ulong Masked = 0);

/// <summary>How an argument of a call is compared.</summary>
public enum ArgumentComparison
{
    /// <summary>It is another.</summary>
    NotEqual,

    /// <summary>It is less.</summary>
    LessThan,

    /// <summary>It is less, or the same.</summary>
    LessOrEqual,

    /// <summary>It is the same.</summary>
    Equal,

    /// <summary>It is greater, or the same.</summary>
    GreaterOrEqual,

    /// <summary>It is greater.</summary>
    GreaterThan,

    /// <summary>Of its bits, those of a mask are the same.</summary>
    MaskedEqual,
}
