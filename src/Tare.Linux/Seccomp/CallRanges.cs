using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>All numbers that a call can have, in ranges that are decided alike, from 0 to the greatest of 32 bits.</summary>
internal sealed class CallRanges
{
    private readonly List<CallRange> ranges = [];

    private CallRanges() { }

    /// <summary>The ranges in order, without gaps; neighbours differ.</summary>
    public IReadOnlyList<CallRange> Ranges => ranges;

    /// <summary>The ranges of x86_64, which the numbers of x32 are above.</summary>
    public static CallRanges OfX64(FilterRules profile, bool withX32)
    {
        const uint Above = CallNumbers.X32Bit << 1;
        CallDecisions x64 = CallDecisions.Of(profile, FilterAbi.X64);
        uint? last = HidesNewCalls(profile) ? x64.Last : null;
        CallRanges all = new();
        all.Add(x64, FilterAbi.X64, 0, last);

        // For newness the bit is looked at by itself, as in runc: without it a number is one of x86_64, however great.
        if (withX32)
        {
            CallDecisions x32 = CallDecisions.Of(profile, FilterAbi.X32);
            uint? lastX32 = HidesNewCalls(profile) ? x32.Last : null;
            FilterDecision marked = lastX32 is null ? x32.Otherwise : NoSuchCall;
            all.Add(x32, FilterAbi.X32, CallNumbers.X32Bit, lastX32);
            all.Add(Above, last is null ? x32.Otherwise : NoSuchCall);
            all.Add(Above | CallNumbers.X32Bit, marked);
        }
        else
        {
            FilterDecision wrong = FilterDecision.Always(FilterVerdicts.WrongArchitecture);
            all.Add(CallNumbers.X32Bit, wrong);
            all.Add(Above, last is null ? wrong : NoSuchCall);
            all.Add(Above | CallNumbers.X32Bit, wrong);

            // A tracer makes a call void by this number.
            all.Add(uint.MaxValue, x64.Otherwise);
        }

        return all;
    }

    /// <summary>The ranges of another way of making calls.</summary>
    public static CallRanges Of(FilterRules profile, FilterAbi abi)
    {
        CallDecisions calls = CallDecisions.Of(profile, abi);
        CallRanges all = new();
        all.Add(calls, abi, 0, HidesNewCalls(profile) ? calls.Last : null);
        return all;
    }

    private static FilterDecision NoSuchCall => FilterDecision.Always(FilterVerdicts.NoSuchCall);

    // Programs try a new call and, told that there is none, an older one; told anything else many give up. Who wrote the
    // profile could not know calls that are newer than all it names.
    private static bool HidesNewCalls(FilterRules profile) =>
        profile.HidesNewCalls
        && FilterVerdicts.ActionOf(profile.Otherwise)
            is not (
                SeccompAction.SECCOMP_RET_ALLOW
                or SeccompAction.SECCOMP_RET_LOG
                or SeccompAction.SECCOMP_RET_TRACE
            );

    private void Add(CallDecisions calls, FilterAbi abi, uint first, uint? last)
    {
        HashSet<uint> hot = HotCalls.Of(abi);
        Add(first, calls.Otherwise);
        foreach ((uint number, FilterDecision decision) in calls.Calls)
        {
            Add(number, decision, hot.Contains(number) ? HotCalls.Weight : 1);
            Add(number + 1, calls.Otherwise);
        }

        if (last is { } known)
        {
            Add(known + 1, NoSuchCall);
        }
    }

    // Ranges come in order; one that begins where the last did takes its place.
    private void Add(uint first, FilterDecision decision, int weight = 0)
    {
        if (ranges is [.., var before] && before.First == first)
        {
            ranges.RemoveAt(ranges.Count - 1);
        }

        if (ranges is [.., var last] && last.Decision.Equals(decision))
        {
            ranges[^1] = last with { Weight = last.Weight + weight };
            return;
        }

        ranges.Add(new CallRange(first, decision, weight));
    }
}

/// <summary>Numbers that are decided alike, up to where the next range begins.</summary>
/// <param name="First">The first number.</param>
/// <param name="Decision">How they are decided.</param>
/// <param name="Weight">How often calls of the range are made, as far as that can be said beforehand.</param>
internal sealed record CallRange(uint First, FilterDecision Decision, int Weight);
