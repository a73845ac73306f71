using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Linux;
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

        string words = $"set oom_score_adj to {score}";
        byte[] text = System.Text.Encoding.UTF8.GetBytes(score.ToString());
        Slot file = state.Plan.NewSlot("oom_score_adj");
        state.Plan.Group("limits");
        state.Plan.CallInto(
            file,
            words,
            Syscall.openat,
            Argument.WorkingDirectory,
            "/proc/self/oom_score_adj",
            Argument.Flags(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC)
        );
        state.Plan.Call(words, Syscall.write, file, Argument.Struct(text), text.Length);
    }

    private static bool IsLate(PlanState state, ValidatedRlimit limit) =>
        state.Context.WaitsForStart && limit.Resource == ResourceLimit.RLIMIT_NOFILE;

    private static void Set(PlanState state, ValidatedRlimit limit, string verb = "set")
    {
        RLimit64 value = new() { Current = limit.Soft, Maximum = limit.Hard };
        state.Plan.Call(
            $"{verb} {ResourceLimits.NameOf(limit.Resource)}",
            Syscall.prlimit64,
            0,
            Argument.Flags(limit.Resource),
            Argument.Struct(MemoryMarshal.AsBytes(new ReadOnlySpan<RLimit64>(in value))),
            Argument.Null
        );
    }
}
