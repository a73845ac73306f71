using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// A child of this process. It is reaped as soon as it ends, whether anybody waits or not, and no other child is touched.
/// Disposing closes this process's ends of its streams and ends nothing: a program that outlives this object goes on.
/// Thread-safe, but for its streams.
/// </summary>
public sealed partial class ChildProcess : IDisposable, IAsyncDisposable
{
    private readonly LaunchedProcess launched;
    private readonly ExitWatch watch;
    private readonly ControlGroup? group;
    private readonly TaskCompletionSource? restEnd;
    private readonly PipeFd? guarding;

    private ChildProcess(LaunchedProcess orphan, Action reaped)
    {
        launched = orphan;
        try
        {
            watch = new ExitWatch(orphan.Process, reaped);
        }
        catch
        {
            orphan.Dispose();
            throw;
        }
    }

    internal ChildProcess(
        LaunchedProcess launched,
        StartStreams streams,
        ControlGroup? group = null,
        Action? reaped = null
    )
    {
        this.launched = launched;
        this.group = group;
        guarding = streams.TakeGuarding();
        restEnd = launched.Companions.IsEmpty
            ? null
            : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            watch = new ExitWatch(launched.Process, launched.Companions.IsEmpty ? reaped : reaped + EndRest);
            StandardInput = Stream(streams.TakeOwn(0), FileAccess.Write);
            StandardOutput = Stream(streams.TakeOwn(1), FileAccess.Read);
            StandardError = Stream(streams.TakeOwn(2), FileAccess.Read);
            Terminal = streams.TakeMaster() is { } master ? new PseudoTerminal(master) : null;
        }
        catch
        {
            if (watch is null)
            {
                launched.Kill();
            }
            else
            {
                PidFds.SendSignal(launched.Process, Linux.Abi.Signal.SIGKILL);
            }

            guarding?.Dispose();
            launched.Dispose();
            throw;
        }
    }

    /// <summary>Its number in this process's PID namespace. Once it has ended the number may become another's.</summary>
    public int ProcessId => launched.ProcessId;

    /// <summary>The process itself, whatever becomes of its number. Stays this object's.</summary>
    public PidFd Handle => launched.Process;

    /// <summary>What is written here the process can read, where its standard input is a pipe. Dispose it to say that this is all.</summary>
    public DescriptorStream? StandardInput { get; }

    /// <summary>What the process writes, where its standard output is a pipe.</summary>
    public DescriptorStream? StandardOutput { get; }

    /// <summary>What the process writes, where its standard error is a pipe.</summary>
    public DescriptorStream? StandardError { get; }

    /// <summary>Its terminal's other side, if it has been given one.</summary>
    public PseudoTerminal? Terminal { get; }

    /// <summary>Completes when the process has ended, and what ends with it where another process sees to that.</summary>
    internal Task AllEnded => restEnd?.Task ?? watch.Ended;

    /// <summary>It has ended.</summary>
    public bool HasExited => watch.TryReap();

    /// <summary>Starts a process; returns once its program is executed.</summary>
    /// <exception cref="ArgumentException">The options ask for what no process can be; nothing has happened.</exception>
    /// <exception cref="ProcessStartException">It could not be started; nothing is left.</exception>
    public static ChildProcess Start(ProcessStartOptions options) => PreparedStart.Once(options).Start();

    /// <summary>Makes a process that waits just before it executes its program.</summary>
    /// <exception cref="ArgumentException">The options ask for what no process can be; nothing has happened.</exception>
    /// <exception cref="ProcessStartException">It could not be made; nothing is left.</exception>
    public static SuspendedProcess StartSuspended(ProcessStartOptions options) =>
        PreparedStart.Once(options).StartSuspended();

    /// <summary>An orphan that has become a child.</summary>
    internal static ChildProcess Adopt(LaunchedProcess orphan, Action reaped) => new(orphan, reaped);

    /// <summary>Waits until the process has ended. Cancelling ends the wait, not the process.</summary>
    /// <exception cref="KernelException">ECHILD: somebody else reaped it, and how it ended is not known.</exception>
    public Task<ProcessExit> WaitForExitAsync(CancellationToken cancellationToken = default) =>
        watch.Ended.WaitAsync(cancellationToken);

    /// <summary>Waits until the process has ended.</summary>
    /// <exception cref="KernelException">ECHILD: somebody else reaped it, and how it ended is not known.</exception>
    public ProcessExit WaitForExit() => watch.Wait();

    /// <summary>
    /// Waits until the process has ended, at most for a time; null where it has not. <see cref="Timeout.InfiniteTimeSpan"/> is
    /// no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="KernelException">ECHILD: somebody else reaped it, and how it ended is not known.</exception>
    public ProcessExit? WaitForExit(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return WaitForExit();
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        if (!watch.TryReap())
        {
            Poll.Wait(launched.Process, timeout: timeout).OrThrow("wait for a process");
        }

        return watch.TryReap() ? watch.Ended.GetAwaiter().GetResult() : null;
    }

    /// <summary>Sends a signal.</summary>
    /// <returns>False where the process has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal.</exception>
    /// <exception cref="KernelException">EPERM: the process has become another user's.</exception>
    public bool Signal(Signal signal)
    {
        SignalChecks.Check(signal, allowsNone: true);
        SysResult sent = UnlessClosed(() => PidFds.SendSignal(launched.Process, signal));
        if (sent.Errno == Errno.ESRCH)
        {
            return false;
        }

        sent.OrThrow($"send {SignalNames.NameOf(signal)} to", ProcessId.ToString());
        return true;
    }

    /// <summary>
    /// Queues a signal with a value, which the receiver's <see cref="SignalStream"/> (or sigaction(2) with SA_SIGINFO) tells.
    /// Real-time signals (from 35) do not coalesce. pidfd_send_signal(2).
    /// </summary>
    /// <returns>False where the process has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No signal has that number.</exception>
    /// <exception cref="KernelException">EAGAIN: its user has RLIMIT_SIGPENDING queued. EPERM: it has become another user's.</exception>
    public bool Signal(Signal signal, int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)signal, 1, nameof(signal));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)signal, (int)Linux.Abi.Signal.SIGRTMAX, nameof(signal));
        SysResult sent = UnlessClosed(() => PidFds.SendSignal(launched.Process, signal, value));
        if (sent.Errno == Errno.ESRCH)
        {
            return false;
        }

        sent.OrThrow($"queue {SignalNames.NameOf(signal)} to", ProcessId.ToString());
        return true;
    }

    /// <summary>
    /// A duplicate of a descriptor that the process has: the same open file, the caller's to dispose. pidfd_getfd(2), Linux 5.6.
    /// </summary>
    /// <param name="number">Its number there.</param>
    /// <exception cref="KernelException">EBADF: it has none of that number. EPERM: this process may not ptrace it. ESRCH: it has ended.</exception>
    public FileFd DuplicateDescriptor(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return PidFds
            .GetFd(launched.Process, number)
            .OrThrow($"duplicate descriptor {number} of", ProcessId.ToString());
    }

    /// <summary>
    /// Kills the process and all that it started, where another process was made along with it for that: the first one of its
    /// PID namespace, or a guard. False where none was.
    /// </summary>
    internal bool KillAll()
    {
        if (launched.Companions is not [PidFd companion])
        {
            return false;
        }

        if (guarding is not null)
        {
            guarding.Dispose();
        }
        else
        {
            // Once it has been reaped its descriptor leads nowhere.
            UnlessClosed(() => PidFds.SendSignal(companion, Linux.Abi.Signal.SIGKILL));
        }

        return true;
    }

    /// <summary>Kills the process, but not what it started. SIGKILL.</summary>
    /// <returns>False where it has ended.</returns>
    public bool Kill() => Signal(Linux.Abi.Signal.SIGKILL);

    /// <summary>Asks the process to end, and kills it where it has not after a time.</summary>
    /// <param name="grace">The time; <see cref="Timeout.InfiniteTimeSpan"/> never kills.</param>
    /// <param name="signal">How it is asked.</param>
    /// <param name="cancellationToken">Cancelling kills at once.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or longer than timers can be, or there is no such signal.</exception>
    public async Task<ProcessExit> StopAsync(
        TimeSpan grace,
        Signal signal = Linux.Abi.Signal.SIGTERM,
        CancellationToken cancellationToken = default
    )
    {
        SignalChecks.Check(signal);
        CheckGrace(grace);
        if (Signal(signal))
        {
            try
            {
                return await watch.Ended.WaitAsync(grace, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception over) when (over is TimeoutException or OperationCanceledException)
            {
                Kill();
            }
        }

        return await watch.Ended.ConfigureAwait(false);
    }

    // Disposed, the descriptors stay open until the process has been reaped: nobody is left once they are closed.
    private static SysResult UnlessClosed(Func<SysResult> send)
    {
        try
        {
            return send();
        }
        catch (ObjectDisposedException)
        {
            return new SysResult(Errno.ESRCH);
        }
    }

    // Before anything is signalled: the longest time that a timer can have.
    private static void CheckGrace(TimeSpan grace)
    {
        if (grace != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(grace, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(grace.TotalMilliseconds, uint.MaxValue - 1, nameof(grace));
        }
    }

    // The kernel lets the first process of a namespace end only when all others of it have been reaped.
    private void EndRest()
    {
        KillAll();
        try
        {
            _ = new ExitWatch(launched.Companions[0]).Ended.ContinueWith(
                _ => restEnd!.SetResult(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
        catch (KernelException)
        {
            // Nobody more can be watched: it ends now, and is reaped here.
            PidFds.Wait(launched.Companions[0]);
            restEnd!.SetResult();
        }
    }

    /// <summary>Closes this process's ends of the streams. The process goes on, and is reaped when it ends.</summary>
    public void Dispose()
    {
        StandardInput?.Dispose();
        StandardOutput?.Dispose();
        StandardError?.Dispose();
        Terminal?.Dispose();

        // The descriptor is needed until the process has been reaped.
        if (watch.TryReap() && AllEnded.IsCompleted)
        {
            launched.Dispose();
        }
        else
        {
            _ = AllEnded.ContinueWith(
                static (_, process) => ((LaunchedProcess)process!).Dispose(),
                launched,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static DescriptorStream? Stream(PipeFd? pipe, FileAccess access) =>
        pipe is null ? null : new DescriptorStream(pipe, access);
}
