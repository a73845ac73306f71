using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Observation;

/// <summary>Compares a process's own limits and its scheduling with what was asked for.</summary>
internal static class LimitComparison
{
    public static void Compare(ValidatedProcess process, ObservedProcess observed, List<Difference> differences)
    {
        foreach (ValidatedRlimit limit in process.Rlimits)
        {
            ObservedLimit wanted = new(limit.Resource, limit.Soft, limit.Hard);
            if (Find(observed, limit.Resource) is { } found && found != wanted)
            {
                string property = $"process.rlimits.{ResourceLimits.NameOf(limit.Resource)}";
                differences.Add(new(property, Words(wanted), Words(found)));
            }
        }

        if (process.OomScoreAdj is { } score && observed.OomScoreAdj is { } present && score != present)
        {
            differences.Add(new("process.oomScoreAdj", Number(score), Number(present)));
        }

        if (process.Scheduling is { } scheduling)
        {
            string expected = Words(scheduling.Policy, scheduling.Nice, scheduling.Priority);
            string found = Words(observed.Stat.Policy, observed.Stat.Nice, observed.Stat.RealTimePriority);
            if (expected != found)
            {
                differences.Add(new("process.scheduler", expected, found));
            }
        }
    }

    // The nice value counts for the policies that have one, the priority for the others; a deadline is not shown.
    private static string Words(SchedulingPolicy policy, int nice, uint priority) =>
        policy switch
        {
            SchedulingPolicy.SCHED_OTHER or SchedulingPolicy.SCHED_BATCH => string.Create(
                CultureInfo.InvariantCulture,
                $"{policy}, nice {nice}"
            ),
            SchedulingPolicy.SCHED_FIFO or SchedulingPolicy.SCHED_RR => string.Create(
                CultureInfo.InvariantCulture,
                $"{policy}, priority {priority}"
            ),
            _ => policy.ToString(),
        };

    private static ObservedLimit? Find(ObservedProcess observed, ResourceLimit resource)
    {
        foreach (ObservedLimit limit in observed.Limits)
        {
            if (limit.Resource == resource)
            {
                return limit;
            }
        }

        return null;
    }

    private static string Words(ObservedLimit limit) =>
        string.Create(CultureInfo.InvariantCulture, $"soft {limit.Soft}, hard {limit.Hard}");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
