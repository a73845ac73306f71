using Tare.Oci;

namespace Tare.Runtime.Seccomp;

/// <summary>What a profile says about the calls of one way of making them.</summary>
internal sealed class CallDecisions
{
    private readonly SortedDictionary<uint, Decision> calls = [];

    private CallDecisions(Decision otherwise) => Otherwise = otherwise;

    /// <summary>The calls that rules are about, by number.</summary>
    public IReadOnlyDictionary<uint, Decision> Calls => calls;

    /// <summary>What becomes of all others.</summary>
    public Decision Otherwise { get; }

    /// <summary>The greatest number of a call that the profile names; null where it names none.</summary>
    public uint? Last { get; private set; }

    /// <summary>Sorts a profile's rules by the calls that they are about. Unknown names are passed over.</summary>
    public static CallDecisions Of(SeccompSpec profile, FilterAbi abi)
    {
        uint otherwise = Verdicts.Of(profile.DefaultAction, profile.DefaultErrnoRet);
        CallDecisions decisions = new(Decision.Always(otherwise));
        Dictionary<uint, List<FilterRule>> rules = [];
        foreach (SeccompRuleSpec entry in profile.Syscalls)
        {
            IReadOnlyList<FilterRule> parts = FilterRule.Of(entry);

            // A rule that says what happens anyway is none: it takes nothing back.
            bool isVoid = parts[0].Verdict == otherwise;
            foreach (string name in entry.Names)
            {
                Multiplexer? multiplexer = abi == FilterAbi.X86 ? Multiplexer.Of(name) : null;
                uint? number = CallNumbers.Of(abi, name);
                decisions.Name(number);
                decisions.Name(multiplexer?.Call);
                if (!isVoid)
                {
                    Add(rules, number, parts);
                    Add(rules, multiplexer?.Call, [.. parts.Select(part => multiplexer is { } m ? part.For(m) : part)]);
                }
            }
        }

        bool isNarrow = abi is FilterAbi.X86 or FilterAbi.Arm;
        foreach ((uint number, List<FilterRule> ofCall) in rules)
        {
            decisions.calls.Add(number, Decision.Of(ofCall, otherwise, isNarrow));
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

    private static void Add(Dictionary<uint, List<FilterRule>> rules, uint? number, IReadOnlyList<FilterRule> parts)
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
