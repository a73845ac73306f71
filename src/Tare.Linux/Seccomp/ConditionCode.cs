namespace Tare.Linux;

/// <summary>Writes comparisons of a call's arguments: 64 bits each, which BPF can look at 32 at a time.</summary>
internal static class ConditionCode
{
    private const int FirstArgument = 16;
    private const int ArgumentSize = 8;

    /// <summary>Writes a comparison.</summary>
    /// <param name="code">The program.</param>
    /// <param name="condition">What is compared.</param>
    /// <param name="isNarrow">Arguments have 32 bits, and so has what they are compared with.</param>
    /// <param name="yes">Where it leads if the condition holds.</param>
    /// <param name="no">Where it leads if not.</param>
    public static FilterTarget Write(
        FilterCode code,
        ArgumentCondition condition,
        bool isNarrow,
        FilterTarget yes,
        FilterTarget no
    ) =>
        condition.Comparison switch
        {
            ArgumentComparison.Equal => Equal(code, condition, isNarrow, ulong.MaxValue, condition.Value, yes, no),
            ArgumentComparison.NotEqual => Equal(code, condition, isNarrow, ulong.MaxValue, condition.Value, no, yes),
            ArgumentComparison.MaskedEqual => Equal(
                code,
                condition,
                isNarrow,
                condition.Value,
                condition.Masked & condition.Value,
                yes,
                no
            ),
            ArgumentComparison.GreaterThan => Order(code, condition, isNarrow, FilterCode.Greater, yes, no),
            ArgumentComparison.LessOrEqual => Order(code, condition, isNarrow, FilterCode.Greater, no, yes),
            ArgumentComparison.GreaterOrEqual => Order(code, condition, isNarrow, FilterCode.GreaterOrEqual, yes, no),
            ArgumentComparison.LessThan => Order(code, condition, isNarrow, FilterCode.GreaterOrEqual, no, yes),
            _ => throw new ArgumentOutOfRangeException(nameof(condition), condition.Comparison, "no operator"),
        };

    private static FilterTarget Equal(
        FilterCode code,
        ArgumentCondition condition,
        bool isNarrow,
        ulong mask,
        ulong value,
        FilterTarget yes,
        FilterTarget no
    )
    {
        FilterTarget low = EqualHalf(code, LowOf(condition), (uint)mask, (uint)value, yes, no);
        return isNarrow ? low : EqualHalf(code, LowOf(condition) + 4, (uint)(mask >> 32), (uint)(value >> 32), low, no);
    }

    private static FilterTarget EqualHalf(
        FilterCode code,
        int offset,
        uint mask,
        uint value,
        FilterTarget yes,
        FilterTarget no
    )
    {
        if (mask == 0)
        {
            return yes;
        }

        code.Branch(FilterCode.Equal, value, yes, no);
        if (mask != uint.MaxValue)
        {
            code.And(mask);
        }

        code.Load(offset);
        return code.Last;
    }

    // The high halves decide unless they are the same.
    private static FilterTarget Order(
        FilterCode code,
        ArgumentCondition condition,
        bool isNarrow,
        ushort comparison,
        FilterTarget yes,
        FilterTarget no
    )
    {
        code.Branch(comparison, (uint)condition.Value, yes, no);
        code.Load(LowOf(condition));
        if (isNarrow)
        {
            return code.Last;
        }

        uint high = (uint)(condition.Value >> 32);
        FilterTarget same = code.Branch(FilterCode.Equal, high, code.Last, no);
        code.Branch(FilterCode.Greater, high, yes, same);
        code.Load(LowOf(condition) + 4);
        return code.Last;
    }

    private static int LowOf(ArgumentCondition condition) => FirstArgument + (condition.Index * ArgumentSize);
}
