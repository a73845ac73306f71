using Tare.Launch.Calls;

namespace Tare.Runtime.Planning;

/// <summary>What happens on signals in the program: nothing that its launcher was started with.</summary>
internal static class SignalSteps
{
    /// <summary>Gives back the default action of what the launcher ignores (<see cref="LaunchContext.IgnoredSignals"/>).</summary>
    public static void Write(PlanState state)
    {
        state.Plan.Group("signals");
        ProcessCalls.ResetSignals(state.Plan, state.Context.IgnoredSignals);
    }
}
