using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Watches what a program asks the kernel for, and all that it starts: each system call waits until it was looked at, and is
/// then made. For making the profiles to run it under the next time. seccomp_unotify(2), Linux 5.5.
/// </summary>
/// <remarks>
/// Nothing is decided by what is seen, so that it does not matter that another thread may change a path after it was looked
/// at; but a program that means to deceive can make the recording say something else than it did. Record what you trust, and
/// restrict what you do not. What was open before is not seen, nor what is read and written with it. What would be submitted
/// through io_uring would not be seen either: the kernel seems to have none (ENOSYS), so that programs make the calls themselves. This process must have the right to ptrace the program, or what it reads of it is missing.
/// </remarks>
public sealed class Recorder
{
    private const string RingCall = "io_uring_setup";

    private readonly RecordingBuilder builder = new();
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SeccompFilter filter;
    private readonly CallObserver observer;
    private int started;
    private int begun;

    /// <summary>Makes one, for one start.</summary>
    /// <exception cref="ArgumentException">A call that is not to be watched is unknown, or must be.</exception>
    public Recorder(RecorderOptions? options = null)
    {
        options ??= new RecorderOptions();
        observer = new CallObserver(builder);
        SeccompProfile profile = new(SeccompAnswer.Notify)
        {
            Handler = ObserveAsync,
            FurtherAbis =
            [
                RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? FilterAbi.Arm : FilterAbi.X86,
            ],
        };
        ImmutableArray<string> assumed = options.Assumed.IsDefault ? [] : options.Assumed;
        if (!assumed.IsEmpty)
        {
            if (assumed.Contains("execve"))
            {
                throw new ArgumentException("execve must be watched: it is where a recording begins", nameof(options));
            }

            profile = profile.Allow(assumed.AsSpan());
            foreach (string name in assumed)
            {
                builder.AddCall(name, 0, null);
            }
        }

        if (!assumed.Contains(RingCall))
        {
            profile = profile.Deny(Errno.ENOSYS, RingCall);
        }

        filter = profile.ToFilter();
    }

    /// <summary>What was seen until now.</summary>
    public Recording Recording => builder.ToRecording();

    /// <summary>Completes when all processes have ended, those that the program left running too.</summary>
    public Task Ended => over.Task;

    /// <summary>Runs a program to its end, recording it.</summary>
    /// <param name="start">The program. A pipe as its standard stream has nobody at its other end: use an instance then.</param>
    /// <param name="options">What is recorded; null is the defaults.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <exception cref="ArgumentException">The options ask for what no process can be, or have a filter or a pipe; nothing has happened.</exception>
    /// <exception cref="ProcessStartException">It could not be started. EACCES: without CAP_SYS_ADMIN it takes <see cref="ProcessStartOptions.NoNewPrivileges"/>.</exception>
    public static async Task<RecordedRun> RunAsync(
        ProcessStartOptions start,
        RecorderOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(start);
        if (
            start.Terminal is not null
            || start.StandardInput?.What == ChildStream.Kind.Pipe
            || start.StandardOutput?.What == ChildStream.Kind.Pipe
            || start.StandardError?.What == ChildStream.Kind.Pipe
        )
        {
            throw new ArgumentException("nobody would be at the other end of a pipe or terminal", nameof(start));
        }

        options ??= new RecorderOptions();
        Recorder recorder = new(options);
        using ChildProcess child = recorder.Start(start);
        using CancellationTokenRegistration killing = cancellationToken.Register(() => child.Kill());
        ProcessExit exit = await child.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (options.WaitForDescendants)
        {
            await recorder.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return new RecordedRun(exit, recorder.Recording);
    }

    /// <summary>Starts a program and records it, which goes on by itself.</summary>
    /// <exception cref="ArgumentException">The options ask for what no process can be, or have a filter; nothing has happened.</exception>
    /// <exception cref="ProcessStartException">It could not be started. EACCES: without CAP_SYS_ADMIN it takes <see cref="ProcessStartOptions.NoNewPrivileges"/>.</exception>
    /// <exception cref="InvalidOperationException">It has started one before.</exception>
    public ChildProcess Start(ProcessStartOptions start)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (start.Seccomp is not null)
        {
            throw new ArgumentException("recording takes the filter itself", nameof(start));
        }

        return Interlocked.Exchange(ref started, 1) == 0
            ? ChildProcess.Start(start with { Seccomp = filter })
            : throw new InvalidOperationException("a recorder is for one start (Recording.Merge adds up several)");
    }

    private ValueTask<SystemCallReply> ObserveAsync(SystemCall call, CancellationToken cancelled)
    {
        // The token is cancelled when nobody is under the filter any more.
        if (Interlocked.Exchange(ref begun, 1) == 0)
        {
            cancelled.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), over);
        }

        observer.Observe(call);
        return new(SystemCallReply.Continue);
    }
}
