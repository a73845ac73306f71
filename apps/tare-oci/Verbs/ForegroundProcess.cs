using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli.Verbs;

/// <summary>
/// A program that this program stands for: signals are passed on to it from before it is there, its end is waited for.
/// </summary>
internal sealed class ForegroundProcess : IDisposable
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

    private readonly SignalPipe signals = SignalPipe.Open(Forwarded).OrThrow("catch signals");

    /// <summary>Waits for the end of a child and reaps it; null where somebody else has done so.</summary>
    public WaitOutcome? Wait(PidFd process)
    {
        Span<PollDescriptor> poll = stackalloc PollDescriptor[2];
        while (true)
        {
            poll[0] = new PollDescriptor { Descriptor = process.Number, Events = PollEvents.POLLIN };
            poll[1] = new PollDescriptor { Descriptor = signals.Descriptor.Number, Events = PollEvents.POLLIN };
            Poll.Wait(poll).OrThrow("wait for the program");
            if (poll[0].Returned != 0)
            {
                return PidFds.Wait(process).Value;
            }

            if (signals.Read() is { Ok: true } caught)
            {
                PidFds.SendSignal(process, caught.Value.Signal);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => signals.Dispose();
}
