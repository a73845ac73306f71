using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>process.scheduler</c> and <c>ioPriority</c>. config.md, sched(7).</summary>
internal static class SchedulingRules
{
    public static SchedulingAttribute? Check(string property, SchedulerSpec? scheduler)
    {
        if (scheduler is null)
        {
            return null;
        }

        SchedulingPolicy policy = PolicyOf($"{property}.policy", scheduler.Policy);
        if (scheduler.Nice is < -20 or > 19)
        {
            throw new SpecException($"{property}.nice", $"{scheduler.Nice} is not between -20 and 19 (give another)");
        }

        bool hasPriority = policy is SchedulingPolicy.SCHED_FIFO or SchedulingPolicy.SCHED_RR;
        if (scheduler.Priority != 0 && !hasPriority)
        {
            throw new SpecException(
                $"{property}.priority",
                "is for SCHED_FIFO and SCHED_RR (leave it out, or give another policy)"
            );
        }

        if (hasPriority && scheduler.Priority is < 1 or > 99)
        {
            throw new SpecException($"{property}.priority", $"{scheduler.Priority} is not between 1 and 99");
        }

        bool isDeadline = policy == SchedulingPolicy.SCHED_DEADLINE;
        if (!isDeadline && (scheduler.Deadline | scheduler.Period) != 0)
        {
            string name = scheduler.Deadline != 0 ? "deadline" : "period";
            throw new SpecException(
                $"{property}.{name}",
                "is for SCHED_DEADLINE (leave it out, or give another policy)"
            );
        }

        if (hasPriority && scheduler.Runtime != 0)
        {
            throw new SpecException($"{property}.runtime", $"has no meaning for {policy} (leave it out)");
        }

        return new SchedulingAttribute
        {
            Size = SchedulingAttribute.StructSize,
            Policy = policy,
            Flags = FlagsOf($"{property}.flags", scheduler.Flags),
            Nice = scheduler.Nice,
            Priority = (uint)scheduler.Priority,
            Runtime = scheduler.Runtime,
            Deadline = scheduler.Deadline,
            Period = scheduler.Period,
        };
    }

    public static ValidatedIoPriority? Check(string property, IoPrioritySpec? priority)
    {
        if (priority is null)
        {
            return null;
        }

        IoPriorityClass kind = priority.Class switch
        {
            "IOPRIO_CLASS_RT" => IoPriorityClass.IOPRIO_CLASS_RT,
            "IOPRIO_CLASS_BE" => IoPriorityClass.IOPRIO_CLASS_BE,
            "IOPRIO_CLASS_IDLE" => IoPriorityClass.IOPRIO_CLASS_IDLE,
            _ => throw new SpecException(
                $"{property}.class",
                $"'{priority.Class}' is no class (use IOPRIO_CLASS_RT, IOPRIO_CLASS_BE or IOPRIO_CLASS_IDLE)"
            ),
        };
        return priority.Priority is >= 0 and <= 7
            ? new ValidatedIoPriority(kind, priority.Priority)
            : throw new SpecException($"{property}.priority", $"{priority.Priority} is not between 0 and 7");
    }

    private static SchedulingPolicy PolicyOf(string property, string name) =>
        name switch
        {
            "SCHED_OTHER" => SchedulingPolicy.SCHED_OTHER,
            "SCHED_FIFO" => SchedulingPolicy.SCHED_FIFO,
            "SCHED_RR" => SchedulingPolicy.SCHED_RR,
            "SCHED_BATCH" => SchedulingPolicy.SCHED_BATCH,
            "SCHED_ISO" => SchedulingPolicy.SCHED_ISO,
            "SCHED_IDLE" => SchedulingPolicy.SCHED_IDLE,
            "SCHED_DEADLINE" => SchedulingPolicy.SCHED_DEADLINE,
            _ => throw new SpecException(property, $"'{name}' is no scheduling policy (see sched(7))"),
        };

    private static SchedulingFlags FlagsOf(string property, IReadOnlyList<string> names)
    {
        SchedulingFlags flags = 0;
        for (int i = 0; i < names.Count; i++)
        {
            flags |= names[i] switch
            {
                "SCHED_FLAG_RESET_ON_FORK" => SchedulingFlags.SCHED_FLAG_RESET_ON_FORK,
                "SCHED_FLAG_RECLAIM" => SchedulingFlags.SCHED_FLAG_RECLAIM,
                "SCHED_FLAG_DL_OVERRUN" => SchedulingFlags.SCHED_FLAG_DL_OVERRUN,
                "SCHED_FLAG_KEEP_POLICY" => SchedulingFlags.SCHED_FLAG_KEEP_POLICY,
                "SCHED_FLAG_KEEP_PARAMS" => SchedulingFlags.SCHED_FLAG_KEEP_PARAMS,
                "SCHED_FLAG_UTIL_CLAMP_MIN" => SchedulingFlags.SCHED_FLAG_UTIL_CLAMP_MIN,
                "SCHED_FLAG_UTIL_CLAMP_MAX" => SchedulingFlags.SCHED_FLAG_UTIL_CLAMP_MAX,
                _ => throw new SpecException(
                    $"{property}[{i}]",
                    $"'{names[i]}' is no scheduling flag (see sched_setattr(2))"
                ),
            };
        }

        return flags;
    }
}
