using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>
/// The process's class of service. It moves itself, as into the hierarchies of cgroup v1; what it makes later follows it.
/// </summary>
internal static class ResctrlSteps
{
    /// <summary>Enters each group that there is to enter.</summary>
    public static void Enter(PlanState state)
    {
        if (state.Context.ResctrlGroups.IsEmpty)
        {
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        plan.Group("resctrl");
        ImmutableArray<Slot>.Builder files = ImmutableArray.CreateBuilder<Slot>(state.Context.ResctrlGroups.Length);
        foreach (string group in state.Context.ResctrlGroups)
        {
            Slot file = plan.NewInput($"tasks of {group}");
            files.Add(file);
            plan.Call($"enter the resctrl group '{group}'", Syscall.write, file, "0", 1);
        }

        state.Inputs = state.Inputs with { ResctrlTasks = files.MoveToImmutable() };
    }
}
