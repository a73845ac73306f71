using System.Collections.Immutable;
using System.Diagnostics;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// A program that runs in a sandbox. Owns everything of it: disposing kills all its processes and leaves nothing. Its streams
/// can be read as they come, or <see cref="RunAsync"/> captures them.
/// </summary>
public sealed class SandboxedProcess : IAsyncDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private readonly SandboxSetup setup;
    private readonly SandboxOptions options;
    private readonly ImmutableArray<string> missing;
    private readonly long started;
    private readonly SandboxWatch watch;
    private readonly Lock ending = new();
    private readonly Lazy<Task> removal;
    private volatile bool outputExceeded;
    private bool over;
    private int runs;

    internal SandboxedProcess(SandboxSetup setup, SandboxOptions options, ImmutableArray<string> missing)
        : this(setup, options, missing, SandboxPlans.Prepare(setup.Start, options).Start(setup.Look)) { }

    internal SandboxedProcess(
        SandboxSetup setup,
        SandboxOptions options,
        ImmutableArray<string> missing,
        ChildProcess process
    )
    {
        this.setup = setup;
        this.options = options;
        this.missing = missing;
        started = Stopwatch.GetTimestamp();
        Process = process;
        removal = new Lazy<Task>(RemoveAsync);
        watch = new SandboxWatch(options, ReadCpuTime, Kill);
    }

    /// <summary>The program. Stays this object's. With its end all that it started ends.</summary>
    public ChildProcess Process { get; }

    /// <summary>What the kernel said of it after its start.</summary>
    public SandboxHeld Held => setup.Held ?? throw new InvalidOperationException("nobody has looked yet");

    /// <summary>
    /// The limit that it was killed for, of those that this program watches itself: <see cref="SandboxOptions.Time"/>,
    /// <see cref="SandboxOptions.CpuTime"/>, <see cref="SandboxOptions.EndAtOutputLimit"/>. Null while there is none.
    /// </summary>
    public SandboxEnd? Exceeded => watch.Exceeded ?? (outputExceeded ? SandboxEnd.OutputExceeded : null);

    /// <summary>Kills all its processes.</summary>
    public void Kill()
    {
        if (Process.KillAll())
        {
            return;
        }

        if (setup.Start.KeepDescendants)
        {
            Process.KillTree();
            return;
        }

        // The first process of a PID namespace takes all others with it.
        Process.Kill();
        lock (ending)
        {
            if (!over && setup.Group is not null && setup.Level == SandboxLevel.Process)
            {
                setup.Group.Kill();
            }
        }
    }

    /// <summary>Writes the input, captures the output, and waits for the end.</summary>
    /// <exception cref="InvalidOperationException">It was called before: there is one output.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and killed.</exception>
    public async Task<SandboxResult> RunAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref runs, 1) != 0)
        {
            throw new InvalidOperationException("its output is captured already");
        }

        using CancellationTokenSource drained = new();
        Task<CapturedStream> reading = ReadAsync(Process.StandardOutput!, drained.Token);
        Task<CapturedStream> readingError = ReadAsync(Process.StandardError!, drained.Token);
        Task writing = Process.WriteAsync(Process.StandardInput is null ? null : options.Input, drained.Token);
        ProcessExit exit;
        try
        {
            exit = await Process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill();
            await Process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            await drained.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reading, readingError, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        ControlGroupUsage? usage = setup.Group?.ReadUsage();
        Kill();

        // What is still running holds the streams, where neither a namespace nor a cgroup ended it.
        drained.CancelAfter(DrainTime);
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CapturedStream output = await reading.ConfigureAwait(false);
        CapturedStream error = await readingError.ConfigureAwait(false);
        return new SandboxResult
        {
            ExitStatus = exit,
            End = EndOf(exit, usage),
            Elapsed = elapsed,
            StandardOutputBytes = output.Bytes,
            StandardErrorBytes = error.Bytes,
            DroppedBytes = output.Length - output.Bytes.Length + error.Length - error.Bytes.Length,
            Usage = usage,
            Level = setup.Level,
            Held = Held,
            Missing = [.. missing, .. setup.Missing],
        };
    }

    /// <summary>Kills all its processes, waits until they are gone, and removes what was made for them.</summary>
    public ValueTask DisposeAsync() => new(removal.Value);

    private async Task RemoveAsync()
    {
        watch.Dispose();
        Kill();
        await Process.AllEnded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Process.Dispose();
        lock (ending)
        {
            over = true;
            setup.Dispose();
        }
    }

    private Task<CapturedStream> ReadAsync(Stream stream, CancellationToken cancellation) =>
        CapturedStream.ReadAsync(stream, options.Output, ExceedOutput, cancellation);

    private void ExceedOutput()
    {
        if (options.EndAtOutputLimit)
        {
            outputExceeded = true;
            Kill();
        }
    }

    // Where nothing counts what all have used, the first process stands for them; null once it has ended.
    private TimeSpan? ReadCpuTime() =>
        Process.HasExited ? null
        : setup.Group?.ReadCpuTime() is { } used ? used
        : ProcessClocks.CpuTime(Process.ProcessId) is { Ok: true, Value: var own } ? own
        : null;

    private SandboxEnd EndOf(ProcessExit exit, ControlGroupUsage? usage) =>
        Exceeded is { } limit ? limit
        : usage?.OomKills > 0 ? SandboxEnd.MemoryExceeded
        : exit.Status.Signal == Signal.SIGXCPU || (usage?.CpuTime ?? exit.Usage.CpuTime) > options.CpuTime
            ? SandboxEnd.CpuTimeExceeded
        : exit.Status.Signal == Signal.SIGSYS ? SandboxEnd.ForbiddenCall
        : SandboxEnd.Exited;
}
