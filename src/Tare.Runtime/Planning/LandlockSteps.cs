using Tare.Launch;
using Tare.Launch.Calls;

namespace Tare.Runtime.Planning;

/// <summary>Restricts the program by Landlock, when everything else is in place and no new privileges can be had.</summary>
internal static class LandlockSteps
{
    /// <summary>Adds the steps, where they are asked for.</summary>
    public static void Write(PlanState state)
    {
        if (state.Context.Landlock is not { } wanted)
        {
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        plan.Group("Landlock");
        Slot ruleset = plan.NewInput("the Landlock ruleset");
        state.Inputs = state.Inputs with { Landlock = ruleset };
        foreach (LandlockPathEntry path in wanted.Paths)
        {
            LandlockCalls.Allow(plan, ruleset, path.Path, path.Access, path.Optional);
        }

        LandlockCalls.Restrict(plan, ruleset, wanted.Flags);
    }
}
