using Tare.Launch;
using Tare.Linux;
using Tare.Runtime.Consoles;

namespace Tare.OciCli.Verbs;

/// <summary>
/// A program that this program stands for: signals are passed on to it from before it is there, its end is waited for.
/// </summary>
internal sealed class ForegroundProcess : IDisposable
{
    private readonly SignalPipe signals = SignalPipe.Open(Supervision.Forwarded).OrThrow("catch signals");

    /// <summary>Waits for the end of a child and reaps it.</summary>
    /// <param name="process">The child.</param>
    /// <param name="terminal">Its terminal, if this program carries it.</param>
    /// <returns>Its exit status as a shell gives it.</returns>
    public int Wait(LaunchedProcess process, ForegroundTerminal? terminal) =>
        new Supervision(process, signals, terminal?.Begin()).Wait().Status.ToShellStatus();

    /// <inheritdoc />
    public void Dispose() => signals.Dispose();
}
