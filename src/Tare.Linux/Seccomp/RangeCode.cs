namespace Tare.Linux;

/// <summary>Writes the search for the range that a call's number is in, and what is decided there.</summary>
internal sealed class RangeCode
{
    private readonly FilterCode code;
    private readonly IReadOnlyList<CallRange> ranges;
    private readonly Dictionary<FilterDecision, FilterTarget> written;
    private readonly int[] weights;

    private RangeCode(
        FilterCode code,
        IReadOnlyList<CallRange> ranges,
        Dictionary<FilterDecision, FilterTarget> written
    )
    {
        this.code = code;
        this.ranges = ranges;
        this.written = written;
        weights = new int[ranges.Count + 1];
        for (int i = 0; i < ranges.Count; i++)
        {
            weights[i + 1] = weights[i] + ranges[i].Weight + 1;
        }
    }

    /// <summary>Writes a search, the number being loaded.</summary>
    /// <param name="code">The program.</param>
    /// <param name="ranges">All numbers.</param>
    /// <param name="written">The decisions that the program has already; those of the ranges are added.</param>
    public static FilterTarget Write(
        FilterCode code,
        CallRanges ranges,
        Dictionary<FilterDecision, FilterTarget> written
    ) => new RangeCode(code, ranges.Ranges, written).Search(0, ranges.Ranges.Count);

    // Halves of equal weight: what is called often is found in few steps.
    private FilterTarget Search(int from, int to)
    {
        if (to - from == 1)
        {
            return Decide(ranges[from].Decision);
        }

        int half = weights[from] + ((weights[to] - weights[from]) / 2);
        int split = from + 1;
        while (split + 1 < to && Math.Abs(weights[split + 1] - half) <= Math.Abs(weights[split] - half))
        {
            split++;
        }

        FilterTarget above = Search(split, to);
        FilterTarget below = Search(from, split);
        return code.Branch(FilterCode.GreaterOrEqual, ranges[split].First, above, below);
    }

    private FilterTarget Decide(FilterDecision decision)
    {
        if (decision.Rules.IsEmpty)
        {
            return FilterTarget.Answer(decision.Otherwise);
        }

        if (written.TryGetValue(decision, out FilterTarget target))
        {
            return target;
        }

        target = FilterTarget.Answer(decision.Otherwise);
        foreach (FilterRule rule in decision.Rules.Reverse())
        {
            FilterTarget next = target;
            target = FilterTarget.Answer(rule.Verdict);
            for (int i = rule.Conditions.Length - 1; i >= 0; i--)
            {
                target = ConditionCode.Write(code, rule.Conditions[i], decision.IsNarrow, target, next);
            }
        }

        written.Add(decision, target);
        return target;
    }
}
