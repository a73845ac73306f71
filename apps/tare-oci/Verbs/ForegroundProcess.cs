using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli.Verbs;

/// <summary>A program that this program stands for: signals are passed on to it, its end is waited for.</summary>
internal static class ForegroundProcess
{
    // Those that ask a program for something. The others are about this process itself (SIGCHLD, faults), or cannot be
    // caught.
    private static readonly Signal[] Forwarded =
    [
        Signal.SIGHUP,
        Signal.SIGINT,
        Signal.SIGQUIT,
        Signal.SIGUSR1,
        Signal.SIGUSR2,
        Signal.SIGTERM,
    ];

    /// <summary>Waits for the end of a child and reaps it; null where somebody else has done so.</summary>
    public static WaitOutcome? Wait(PidFd process)
    {
        List<PosixSignalRegistration> registrations = new(Forwarded.Length);
        foreach (Signal signal in Forwarded)
        {
            registrations.Add(
                PosixSignalRegistration.Create(
                    (PosixSignal)(int)signal,
                    context =>
                    {
                        context.Cancel = true;
                        PidFds.SendSignal(process, signal);
                    }
                )
            );
        }

        WaitOutcome? outcome = PidFds.Wait(process).Value;
        foreach (PosixSignalRegistration registration in registrations)
        {
            registration.Dispose();
        }

        return outcome;
    }
}
