using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>When and where the program runs: policy, I/O priority, processors, execution domain.</summary>
internal static class SchedulingSteps
{
    /// <summary>How the step that sets a policy begins.</summary>
    public const string PolicyWords = "set the scheduling policy ";

    private const string Group = "limits";
    private const int ThisProcess = 1; // IOPRIO_WHO_PROCESS
    private const int ClassShift = 13;

    /// <summary>Sets policy and I/O priority, while the process still has the privileges for it.</summary>
    public static void Write(PlanState state)
    {
        LaunchPlanBuilder plan = state.Plan;
        plan.Group(Group);
        if (state.Process.Scheduling is { } attribute)
        {
            plan.Call(
                $"{PolicyWords}{attribute.Policy}",
                Syscall.sched_setattr,
                0,
                Argument.Struct(MemoryMarshal.AsBytes(new ReadOnlySpan<SchedulingAttribute>(in attribute))),
                0
            );
        }

        if (state.Process.IoPriority is { } io)
        {
            plan.Call(
                $"set the I/O priority {io.Class} {io.Priority}",
                Syscall.ioprio_set,
                ThisProcess,
                0,
                Argument.Number(((long)io.Class << ClassShift) | (uint)io.Priority, ArgumentFormat.Hex)
            );
        }
    }

    /// <summary>Keeps the process to some processors.</summary>
    public static void SetProcessors(PlanState state, ImmutableArray<byte>? mask, string words)
    {
        if (mask is { } processors)
        {
            state.Plan.Group(Group);
            state.Plan.Call(
                words,
                Syscall.sched_setaffinity,
                0,
                processors.Length,
                Argument.Struct(processors.AsSpan())
            );
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
