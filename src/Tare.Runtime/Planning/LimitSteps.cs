using Tare.Launch.Calls;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>Limits that a process has by itself.</summary>
internal static class LimitSteps
{
    /// <summary>The resource limits, set while the process may still raise them.</summary>
    public static void Write(PlanState state)
    {
        state.Plan.Group("limits");
        foreach (ValidatedRlimit limit in state.Process.Rlimits)
        {
            if (!IsLate(state, limit))
            {
                Set(state, limit);
            }
        }
    }

    /// <summary>
    /// The limit of open files, where the program is looked for at <c>create</c>: with the descriptors that the process has
    /// until then, that could not be done below a low one. What of it had to be raised has been (<see cref="Raise"/>).
    /// </summary>
    public static void WriteLate(PlanState state)
    {
        foreach (ValidatedRlimit limit in state.Process.Rlimits)
        {
            if (IsLate(state, limit))
            {
                state.Plan.Group("limits");
                Set(state, limit);
            }
        }
    }

    /// <summary>
    /// Raises those hard limits that must be raised, and nothing else: what is lower could be too low for what follows.
    /// </summary>
    public static void Raise(PlanState state)
    {
        state.Plan.Group("limits");
        foreach (ValidatedRlimit present in state.Context.PresentLimits)
        {
            foreach (ValidatedRlimit limit in state.Process.Rlimits)
            {
                if (limit.Resource == present.Resource && limit.Hard > present.Hard)
                {
                    Set(state, present with { Hard = limit.Hard }, "raise");
                }
            }
        }
    }

    /// <summary>How readily the process is killed for want of memory; through the host's procfs, so before the root changes.</summary>
    public static void WriteOomScore(PlanState state)
    {
        if (state.Process.OomScoreAdj is not { } score)
        {
            return;
        }

        state.Plan.Group("limits");
        ProcessCalls.SetOomScore(state.Plan, score);
    }

    private static bool IsLate(PlanState state, ValidatedRlimit limit) =>
        state.Context.WaitsForStart && limit.Resource == ResourceLimit.RLIMIT_NOFILE;

    private static void Set(PlanState state, ValidatedRlimit limit, string verb = "set") =>
        ProcessCalls.SetLimit(
            state.Plan,
            limit.Resource,
            new RLimit64 { Current = limit.Soft, Maximum = limit.Hard },
            verb
        );
}
