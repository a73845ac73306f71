using System.Collections.Immutable;
using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>When and where the program runs: policy, I/O priority, processors, execution domain.</summary>
internal static class SchedulingSteps
{
    /// <summary>How the step that sets a policy begins.</summary>
    public const string PolicyWords = "set the scheduling policy ";

    private const string Group = "limits";

    /// <summary>Sets policy and I/O priority, while the process still has the privileges for it.</summary>
    public static void Write(PlanState state)
    {
        LaunchPlanBuilder plan = state.Plan;
        plan.Group(Group);
        if (state.Process.Scheduling is { } attribute)
        {
            ProcessCalls.SetScheduling(plan, $"{PolicyWords}{attribute.Policy}", attribute);
        }

        if (state.Process.IoPriority is { } io)
        {
            ProcessCalls.SetIoPriority(plan, io.Class, io.Priority);
        }
    }

    /// <summary>Keeps the process to some processors.</summary>
    public static void SetProcessors(PlanState state, ImmutableArray<byte>? mask, string words)
    {
        if (mask is { } processors)
        {
            state.Plan.Group(Group);
            ProcessCalls.SetProcessors(state.Plan, words, processors.AsSpan());
        }
    }

    /// <summary>Sets the execution domain and the memory policy, which programs inherit.</summary>
    public static void SetDomain(PlanState state, uint? domain, ValidatedMemoryPolicy? memory)
    {
        state.Plan.Group(Group);
        if (domain is { } personality)
        {
            state.Plan.Call(
                "set the execution domain",
                Syscall.personality,
                Argument.Number(personality, ArgumentFormat.Hex)
            );
        }

        if (memory is { } policy)
        {
            // The kernel counts bits from one, and one more.
            state.Plan.Call(
                $"set the memory policy {policy.Name}",
                Syscall.set_mempolicy,
                Argument.Number(policy.Mode, ArgumentFormat.Hex),
                policy.Nodes.IsEmpty ? Argument.Null : Argument.Struct(policy.Nodes.AsSpan()),
                policy.Nodes.IsEmpty ? 0 : (policy.Nodes.Length * 8) + 1
            );
        }
    }
}
