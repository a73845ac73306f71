using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The part of a plan that says where a process's memory and how closely its processor time lie together.</summary>
internal static class PlacementSteps
{
    private const int CreateCookie = 1; // PR_SCHED_CORE_CREATE

    /// <summary>Writes the steps.</summary>
    public static void Write(LaunchPlanBuilder plan, ProcessStartOptions options)
    {
        if (options.MemoryPolicy is { } policy)
        {
            ulong[] nodes = NodeMask.Of(policy.Nodes);
            plan.Group(nameof(ProcessStartOptions.MemoryPolicy));
            plan.Call(
                $"set the memory policy {policy.Mode}",
                Syscall.set_mempolicy,
                Argument.Number((int)policy.Mode | (int)policy.Flags, ArgumentFormat.Hex),
                nodes.Length == 0 ? Argument.Null : Argument.Struct(MemoryMarshal.AsBytes<ulong>(nodes)),
                nodes.Length == 0 ? 0 : (nodes.Length * 64) + 1
            );
        }

        if (options.TimerSlack is { } slack)
        {
            plan.Group(nameof(ProcessStartOptions.TimerSlack));
            plan.Call(
                "set the timer slack",
                Syscall.prctl,
                Argument.Flags(PrctlOption.PR_SET_TIMERSLACK),
                (long)slack.TotalNanoseconds
            );
        }

        if (options.OwnCore)
        {
            plan.Group(nameof(ProcessStartOptions.OwnCore));
            plan.Call(
                "share a core with nobody else",
                Syscall.prctl,
                Argument.Flags(PrctlOption.PR_SCHED_CORE),
                CreateCookie,
                0,
                Argument.Number((int)CoreSchedulingScope.Process, ArgumentFormat.Decimal),
                0
            );
        }

        if (options.Personality is { } personality)
        {
            plan.Group(nameof(ProcessStartOptions.Personality));
            plan.Call("set the personality", Syscall.personality, Argument.Flags(personality));
        }
    }
}
