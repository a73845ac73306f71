using System.Collections.Immutable;
using Tare.Oci;

namespace Tare.Runtime.Seccomp;

/// <summary>What a filter answers where all conditions hold, or always where there are none.</summary>
/// <param name="Conditions">The conditions.</param>
/// <param name="Verdict">What the kernel is told: an action and its data.</param>
internal sealed record FilterRule(ImmutableArray<SeccompArgSpec> Conditions, uint Verdict)
{
    /// <summary>
    /// The rules that an entry of a profile stands for. Conditions belong together unless two are about the same argument:
    /// then, as in runc, any one of them is enough.
    /// </summary>
    public static ImmutableArray<FilterRule> Of(SeccompRuleSpec rule)
    {
        uint verdict = Verdicts.Of(rule.Action, rule.ErrnoRet);
        bool isRepeated = rule.Args.DistinctBy(arg => arg.Index).Count() != rule.Args.Count;
        return isRepeated
            ? [.. rule.Args.Select(arg => new FilterRule([arg], verdict))]
            : [new FilterRule([.. rule.Args], verdict)];
    }

    /// <summary>The same for an operation of a multiplexer, whose first argument is the operation and not the call's.</summary>
    public FilterRule For(Multiplexer multiplexer) =>
        this with
        {
            Conditions =
            [
                new SeccompArgSpec(0, multiplexer.Operation, 0, SeccompOperator.Equal),
                .. Conditions.Where(condition => condition.Index != 0),
            ],
        };
}
