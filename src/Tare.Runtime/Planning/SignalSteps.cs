using Tare.Launch.Calls;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>What happens on signals in the program: nothing that its launcher was started with.</summary>
internal static class SignalSteps
{
    /// <summary>Gives back the default action of what the launcher ignores (<see cref="LaunchContext.IgnoredSignals"/>).</summary>
    public static void Write(PlanState state)
    {
        state.Plan.Group("signals");

        // Every launch gives SIGPIPE back.
        foreach (Signal signal in state.Context.IgnoredSignals.Without(Signal.SIGPIPE))
        {
            ProcessCalls.ResetSignal(state.Plan, signal);
        }
    }
}
