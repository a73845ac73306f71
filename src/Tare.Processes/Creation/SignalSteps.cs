using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The part of a plan that says which signals have their default action, and which are ignored.</summary>
internal sealed class SignalSteps(LaunchPlanBuilder plan, ProcessStartOptions options)
{
    // What the keys and the end of a terminal send, and what keeps its background in order.
    private static readonly SignalSet OfTerminal = SignalSet.Of(
        Signal.SIGHUP,
        Signal.SIGINT,
        Signal.SIGQUIT,
        Signal.SIGTSTP,
        Signal.SIGTTIN,
        Signal.SIGTTOU
    );

    /// <summary>Writes the steps.</summary>
    public void Write()
    {
        if (options.Terminal is not null)
        {
            plan.Group(nameof(ProcessStartOptions.Terminal));
            ProcessCalls.ResetSignals(plan, OfTerminal);
        }

        plan.Group(nameof(ProcessStartOptions.DefaultSignals));
        ProcessCalls.ResetSignals(plan, options.DefaultSignals);
        plan.Group(nameof(ProcessStartOptions.IgnoredSignals));
        foreach (Signal signal in options.IgnoredSignals)
        {
            ProcessCalls.IgnoreSignal(plan, signal);
        }
    }
}
