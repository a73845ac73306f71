using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The part of a plan that says when and where a process runs, and who is killed first for want of memory.</summary>
internal sealed class PrioritySteps(LaunchPlanBuilder plan, ProcessStartOptions options)
{
    /// <summary>Writes the steps.</summary>
    public void Write()
    {
        if (options.OomScoreAdjust is { } score)
        {
            plan.Group(nameof(ProcessStartOptions.OomScoreAdjust));
            ProcessCalls.SetOomScore(plan, score);
        }

        if (options.Scheduling is { } scheduling)
        {
            plan.Group(nameof(ProcessStartOptions.Scheduling));
            ProcessCalls.SetScheduling(
                plan,
                $"set the scheduling policy {scheduling.Policy}",
                SchedulingAttributes.Of(scheduling, options.Nice)
            );
        }
        else if (options.Nice is { } nice)
        {
            plan.Group(nameof(ProcessStartOptions.Nice));
            plan.Call($"set the nice value {nice}", Syscall.setpriority, 0, 0, nice);
        }

        if (options.Processors is { } processors)
        {
            plan.Group(nameof(ProcessStartOptions.Processors));
            ProcessCalls.SetProcessors(plan, "keep to the processors", SchedulingAttributes.MaskOf(processors));
        }

        PlacementSteps.Write(plan, options);
        if (options.IoPriority is { } io)
        {
            plan.Group(nameof(ProcessStartOptions.IoPriority));
            ProcessCalls.SetIoPriority(plan, io.Class, io.Level);
        }
    }
}
