using System.Diagnostics;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Consoles;

/// <summary>How a supervised program came to its end.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Usage">What it and the children it waited for used.</param>
/// <param name="TimedOut">It was killed because the time was up.</param>
public sealed record Ending(ExitStatus Status, ResourceUsage Usage, bool TimedOut);

/// <summary>
/// Stands for a program until it ends: passes on signals and keys, kills everything when the time is up. One thread, one
/// poll(2).
/// </summary>
/// <param name="launched">The program, a child of this process. Not owned.</param>
/// <param name="signals">Where signals to this process come, <see cref="Forwarded"/>. Not owned.</param>
/// <param name="relay">What carries its terminal; null where it has none. Not owned.</param>
/// <param name="timeout">When to give up; null is never.</param>
public sealed class Supervision(
    LaunchedProcess launched,
    SignalPipe signals,
    TerminalRelay? relay,
    TimeSpan? timeout = null
)
{
    /// <summary>How often a relay in the background looks whether it has come to the foreground.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    private readonly long begin = Stopwatch.GetTimestamp();

    /// <summary>The signals that a program may be sent and that have no meaning for this process itself.</summary>
    public static Signal[] Forwarded { get; } =
    [
        Signal.SIGHUP,
        Signal.SIGINT,
        Signal.SIGQUIT,
        Signal.SIGUSR1,
        Signal.SIGUSR2,
        Signal.SIGALRM,
        Signal.SIGTERM,
        Signal.SIGCONT,
        Signal.SIGTSTP,
        Signal.SIGWINCH,
    ];

    /// <summary>Waits for the program's end, ends the processes that were made along with it, and reaps all of them.</summary>
    /// <exception cref="KernelException">Somebody else has reaped the program.</exception>
    public Ending Wait()
    {
        bool timedOut = !WaitForEnd();
        KillRest();
        SysResult<WaitOutcome?> outcome = PidFds.Wait(launched.Process, WaitOptions.WEXITED | WaitOptions.__WALL);
        foreach (PidFd companion in launched.Companions)
        {
            PidFds.Wait(companion, WaitOptions.WEXITED | WaitOptions.__WALL);
        }

        relay?.Finish(signals);
        relay?.Restore();
        WaitOutcome ended = outcome.OrThrow("wait for the program")!.Value;
        return new Ending(ended.Status, ended.Usage, timedOut);
    }

    // False where the time was up before.
    private bool WaitForEnd()
    {
        Span<PollDescriptor> poll = stackalloc PollDescriptor[5];
        relay?.Follow();
        while (true)
        {
            TimeSpan? left = timeout is { } time ? time - Stopwatch.GetElapsedTime(begin) : null;
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            poll[0] = new PollDescriptor { Descriptor = launched.Process.Number, Events = PollEvents.POLLIN };
            poll[1] = new PollDescriptor { Descriptor = signals.Descriptor.Number, Events = PollEvents.POLLIN };
            poll[2..].Fill(new PollDescriptor { Descriptor = -1 });
            relay?.Prepare(poll[2..]);
            if (relay is { IsInBackground: true } && (left is null || left > Glance))
            {
                left = Glance;
            }

            Poll.Wait(poll, left).OrThrow("poll");
            if (poll[0].Returned != 0)
            {
                return true;
            }

            if (poll[1].Returned != 0)
            {
                TakeSignal(signals.Read());
            }

            relay?.Carry(poll[2..]);
            if (relay is { IsInBackground: true })
            {
                relay.Follow();
            }
        }
    }

    // The end of a PID namespace's first process ends everything in it.
    private void KillRest()
    {
        foreach (PidFd companion in launched.Companions)
        {
            PidFds.SendSignal(companion, Signal.SIGKILL);
        }

        PidFds.SendSignal(launched.Process, Signal.SIGKILL);
    }

    private void TakeSignal(SysResult<CaughtSignal> caught)
    {
        if (!caught.Ok)
        {
            return;
        }

        Signal signal = caught.Value.Signal;
        switch (signal)
        {
            case Signal.SIGWINCH:
                relay?.Resize();
                break;
            case Signal.SIGTSTP:
                Stop();
                break;
            case Signal.SIGCONT:
                Continue();
                break;
            default:
                // A key sends its signal to all of a job, and the program's processes are this process's job.
                if (caught.Value.IsFromKernel)
                {
                    Processes.Kill(-launched.ProcessId, signal);
                }
                else
                {
                    PidFds.SendSignal(launched.Process, signal);
                }

                break;
        }
    }

    // As a job stops: the program with this process. SIGSTOP, because a process group whose leader's parent is in another
    // session does not stop by SIGTSTP. What lets this process go on is SIGCONT, which is then taken like any other signal.
    private void Stop()
    {
        relay?.Restore();
        SignalGroup(Signal.SIGSTOP);
        Processes.Kill(Processes.GetPid(), Signal.SIGSTOP);
    }

    private void Continue()
    {
        SignalGroup(Signal.SIGCONT);
        relay?.Follow();
        relay?.Resize();
    }

    private void SignalGroup(Signal signal)
    {
        int group = relay?.ForegroundGroup is int foreground and > 0 ? foreground : launched.ProcessId;
        Processes.Kill(-group, signal);
    }
}
