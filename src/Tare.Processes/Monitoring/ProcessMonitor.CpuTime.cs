using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

public static partial class ProcessMonitor
{
    // Ignored by default: nothing happens should it come to a thread that has not blocked it.
    private const Signal Expired = Signal.SIGURG;

    /// <summary>
    /// Waits until a process, own child or not, has used so much CPU time with all its threads since it began. The kernel
    /// watches; there is one waiting thread for each call. timer_create(2).
    /// </summary>
    /// <param name="process">The process; stays the caller's, and must stay open.</param>
    /// <param name="total">The CPU time.</param>
    /// <param name="cancellationToken">Ends the wait, not the process.</param>
    /// <returns>False where it ended before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not above zero.</exception>
    /// <exception cref="KernelException">ESRCH: the process is not seen from this PID namespace, or has been reaped.</exception>
    public static async Task<bool> WaitForCpuTimeAsync(
        PidFd process,
        TimeSpan total,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(total, TimeSpan.Zero);
        using EventFd over = EventFds.Create(flags: EventFdFlags.EFD_NONBLOCK).OrThrow("make a counter");
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static counter => EventFds.Add((EventFd)counter!),
            over
        );
        TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                done.SetResult(WaitForCpuTime(process, total, over));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        {
            IsBackground = true,
            Name = "tare waits for CPU time",
        };
        thread.UnsafeStart();
        bool reached = await done.Task.ConfigureAwait(false);
        return reached || !cancellationToken.IsCancellationRequested
            ? reached
            : throw new OperationCanceledException(cancellationToken);
    }

    private static bool WaitForCpuTime(PidFd process, TimeSpan total, EventFd over)
    {
        SignalSet expired = SignalSet.Of(Expired);
        Signals.SetMask(SignalMaskHow.SIG_BLOCK, expired).OrThrow("block a signal");
        using SignalFd signals = Signals.Open(expired, nonBlocking: true).OrThrow("receive a signal");
        int number = PidFds.GetProcessId(process).OrThrow("wait for CPU time of a process");
        if (number == 0)
        {
            throw new KernelException(Errno.ESRCH, "wait for CPU time of a process");
        }

        SysResult<CpuTimer> made = CpuTimer.Create(number, Expired, Linux.Processes.GetThreadId());
        string target = number.ToString();
        if (!made.Ok && HasEnded(process))
        {
            return false;
        }

        using CpuTimer timer = made.OrThrow("wait for CPU time of process", target);

        // It still is there, so the timer is not that of a successor with its number.
        SysResult there = PidFds.SendSignal(process, Signal.None);
        if (there.Errno == Errno.ESRCH)
        {
            return false;
        }

        there.OrThrow("wait for CPU time of process", target);
        SysResult armed = timer.ExpireAt(total);
        if (!armed.Ok && HasEnded(process))
        {
            return false;
        }

        armed.OrThrow("wait for CPU time of process", target);
        PollDescriptor[] sources =
        [
            new() { Descriptor = signals.Number, Events = PollEvents.POLLIN },
            new() { Descriptor = process.Number, Events = PollEvents.POLLIN },
            new() { Descriptor = over.Number, Events = PollEvents.POLLIN },
        ];
        while (true)
        {
            Poll.Wait(sources).OrThrow("wait for CPU time of process", target);
            bool reached = ProcessClocks.CpuTime(number) is { Ok: true } used && used.Value >= total;
            if (reached || sources[1].Returned != PollEvents.None || sources[2].Returned != PollEvents.None)
            {
                return reached;
            }

            // Somebody else sent it.
            Signals.Read(signals);
            timer.ExpireAt(total).OrThrow("wait for CPU time of process", target);
        }
    }

    // The clock of a process that has ended is none: EINVAL, or ESRCH.
    private static bool HasEnded(PidFd process) => Poll.Wait(process, timeout: TimeSpan.Zero).Value != PollEvents.None;
}
