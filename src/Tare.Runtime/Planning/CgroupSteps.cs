using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>
/// The process's cgroup. On v2 it is created there; into v1 hierarchies it moves itself, through files that the launcher
/// opened, because its own view of them may be gone.
/// </summary>
internal static class CgroupSteps
{
    /// <summary>
    /// Waits until systemd has moved the process to its cgroup: before anything is looked for there, and while the process
    /// is still the launcher's user to whoever asks.
    /// </summary>
    public static void WaitForMove(PlanState state)
    {
        if (state.Context.Cgroup == CgroupEntry.Moved)
        {
            state.Plan.Group("cgroup");
            state.Gates = state.Gates with
            {
                Cgroup = state.Plan.Gate("wait for systemd to move the process to its scope"),
            };
        }
    }

    /// <summary>Creates the process in its cgroup, or moves it there.</summary>
    public static void Enter(PlanState state)
    {
        if (state.Context.Cgroup is not CgroupEntry.Joined entry)
        {
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        plan.Group("cgroup");
        if (entry.Directory)
        {
            Slot directory = plan.NewInput("the cgroup");
            plan.Cgroup = directory;
            state.Inputs = state.Inputs with { CgroupDirectory = directory };
        }

        ImmutableArray<Slot>.Builder files = ImmutableArray.CreateBuilder<Slot>(entry.Hierarchies.Length);
        foreach (string hierarchy in entry.Hierarchies)
        {
            Slot file = plan.NewInput($"cgroup.procs of {hierarchy}");
            files.Add(file);
            plan.Call($"enter the cgroup of '{hierarchy}'", Syscall.write, file, "0", 1);
        }

        state.Inputs = state.Inputs with { CgroupProcs = files.MoveToImmutable() };
    }
}
