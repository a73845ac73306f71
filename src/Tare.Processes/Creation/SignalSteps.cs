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

    // The kernel changes nothing of the first two, and every launch gives back the third.
    private static readonly SignalSet Fixed = SignalSet.Of(Signal.SIGKILL, Signal.SIGSTOP, Signal.SIGPIPE);

    /// <summary>Writes the steps.</summary>
    public void Write()
    {
        if (options.Terminal is not null)
        {
            Reset(nameof(ProcessStartOptions.Terminal), OfTerminal);
        }

        Reset(nameof(ProcessStartOptions.DefaultSignals), options.DefaultSignals);
        plan.Group(nameof(ProcessStartOptions.IgnoredSignals));
        foreach (Signal signal in options.IgnoredSignals)
        {
            ProcessCalls.IgnoreSignal(plan, signal);
        }
    }

    private void Reset(string setting, SignalSet signals)
    {
        plan.Group(setting);
        foreach (Signal signal in signals)
        {
            if (!Fixed.Contains(signal))
            {
                ProcessCalls.ResetSignal(plan, signal);
            }
        }
    }
}
