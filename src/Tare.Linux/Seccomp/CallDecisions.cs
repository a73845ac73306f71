using System.Collections.Immutable;

namespace Tare.Linux;

/// <summary>What rules say about the calls of one way of making them.</summary>
internal sealed class CallDecisions
{
    private readonly SortedDictionary<uint, FilterDecision> calls = [];

    private CallDecisions(FilterDecision otherwise) => Otherwise = otherwise;

    /// <summary>The calls that rules are about, by number.</summary>
    public IReadOnlyDictionary<uint, FilterDecision> Calls => calls;

    /// <summary>What becomes of all others.</summary>
    public FilterDecision Otherwise { get; }

    /// <summary>The greatest number of a call that the profile names; null where it names none.</summary>
    public uint? Last { get; private set; }

    /// <summary>Sorts a profile's rules by the calls that they are about. Unknown names are passed over.</summary>
    public static CallDecisions Of(FilterRules profile, FilterAbi abi)
    {
        uint otherwise = profile.Otherwise;
        CallDecisions decisions = new(FilterDecision.Always(otherwise));
        Dictionary<uint, List<FilterRule>> rules = [];
        foreach (CallRule entry in profile.Rules)
        {
            ImmutableArray<FilterRule> parts = FilterRule.Of(entry);

            // A rule that says what happens anyway is none: it takes nothing back.
            bool isVoid = entry.Verdict == otherwise && !profile.InOrder;
            foreach (string name in entry.Names)
            {
                CallMultiplexer? multiplexer = abi == FilterAbi.X86 ? CallMultiplexer.Of(name) : null;
                uint? number = CallNumbers.Of(abi, name);
                decisions.Name(number);
                decisions.Name(multiplexer?.Call);
                if (!isVoid)
                {
                    Add(rules, number, parts);
                    if (multiplexer is { } operation)
                    {
                        Add(
                            rules,
                            operation.Call,
                            profile.InOrder
                                ? [.. parts.Select(part => part.StrictlyFor(operation)).OfType<FilterRule>()]
                                : [.. parts.Select(part => part.For(operation))]
                        );
                    }
                }
            }
        }

        bool isNarrow = abi is FilterAbi.X86 or FilterAbi.Arm;
        foreach ((uint number, List<FilterRule> ofCall) in rules)
        {
            decisions.calls.Add(number, FilterDecision.Of(ofCall, otherwise, isNarrow, profile.InOrder));
        }

        return decisions;
    }

    private void Name(uint? number)
    {
        if (number is { } known)
        {
            Last = Math.Max(Last ?? 0, known);
        }
    }

    private static void Add(Dictionary<uint, List<FilterRule>> rules, uint? number, ImmutableArray<FilterRule> parts)
    {
        if (number is { } known)
        {
            if (!rules.TryGetValue(known, out List<FilterRule>? list))
            {
                rules.Add(known, list = []);
            }

            list.AddRange(parts);
        }
    }
}
