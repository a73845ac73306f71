using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Finds what is no signal before anything happens.</summary>
internal static class SignalChecks
{
    /// <summary>Checks one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public static void Check(Signal signal, bool allowsNone = false)
    {
        if ((int)signal is < 0 or > 64 || (signal == Signal.None && !allowsNone))
        {
            throw new ArgumentOutOfRangeException(nameof(signal), signal, "signals are numbered 1 to 64");
        }
    }
}
