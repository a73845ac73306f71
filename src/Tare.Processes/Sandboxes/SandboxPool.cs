using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Sandboxes that are ready: processes which have their namespaces, cgroup, mounts and rights, and wait for a program. A start
/// then costs what executing it costs. All have the same options; each is used once. Another is made when the program has
/// ended, so that it does not take its processors, or sooner, when few are left or the program goes on. Owned; disposing ends
/// those that wait. Thread-safe.
/// </summary>
public sealed class SandboxPool : IAsyncDisposable
{
    // How long a program may go on before another sandbox is made beside it.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    private readonly SandboxOptions options;
    private readonly int size;
    private readonly Channel<Ready> ready = Channel.CreateUnbounded<Ready>(
        new UnboundedChannelOptions { SingleWriter = true }
    );

    // For each sandbox that is to be made the program of the one that it replaces.
    private readonly Channel<Task> lacking = Channel.CreateUnbounded<Task>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    private readonly SemaphoreSlim calm = new(0);
    private readonly CancellationTokenSource closing = new();
    private readonly Lock counting = new();
    private readonly Task filling;
    private TaskCompletionSource full = NewFull();
    private int lacks;

    /// <summary>Begins to make sandboxes.</summary>
    /// <param name="options">What all of them may do and use.</param>
    /// <param name="size">How many wait at a time.</param>
    /// <exception cref="ArgumentException">The options ask for what cannot be, or the size is not above zero.</exception>
    public SandboxPool(SandboxOptions options, int size)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        SandboxChecks.Check(options);
        this.options = options;
        this.size = size;
        lacks = size;
        for (int i = 0; i < size; i++)
        {
            lacking.Writer.TryWrite(Task.CompletedTask);
        }

        filling = Task.Run(FillAsync);
    }

    /// <summary>Runs a program to its end in the next sandbox that is ready.</summary>
    /// <param name="fileName">A path in the sandbox, or a name to search for in its PATH.</param>
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="input">What it reads; null is what the options say.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="ArgumentException">The program's name is empty, or an argument holds a zero character.</exception>
    /// <exception cref="ProcessStartException">The program could not be started; nothing is left.</exception>
    /// <exception cref="KernelException">Sandboxes cannot be made here.</exception>
    public async Task<SandboxResult> RunAsync(
        string fileName,
        IEnumerable<string> arguments,
        ReadOnlyMemory<byte>? input = null,
        CancellationToken cancellationToken = default
    )
    {
        SandboxedProcess process = await StartAsync(fileName, arguments, input, cancellationToken)
            .ConfigureAwait(false);
        await using ConfiguredAsyncDisposable ending = process.ConfigureAwait(false);
        return await process.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a program in the next sandbox that is ready; the caller disposes it.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async ValueTask<SandboxedProcess> StartAsync(
        string fileName,
        IEnumerable<string> arguments,
        ReadOnlyMemory<byte>? input = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(arguments);
        string[] argv = [fileName, .. arguments];
        StartChecks.Check(new ProcessStartOptions(fileName, argv[1..]));
        string file = Find(fileName);
        if (!LateProgram.Fits(file, argv))
        {
            throw new ArgumentException("the arguments are longer than 128 KiB, or more than 2048", nameof(arguments));
        }

        while (true)
        {
            Ready next = await NextAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return Start(next, file, argv, input);
            }
            catch (ProcessStartException killed) when (WasKilledBefore(killed))
            {
                // Somebody has killed what waited, the kernel for want of memory perhaps: another one can run the program.
            }
        }
    }

    private static bool WasKilledBefore(ProcessStartException failure) =>
        failure is { Ended: not null, InnerException: LaunchException { Failure.Words: StartPlanner.WaitWords } };

    private async ValueTask<Ready> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ready.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException
                ?? new ObjectDisposedException(nameof(SandboxPool), "the pool has been disposed");
        }
    }

    private SandboxedProcess Start(Ready next, string file, string[] argv, ReadOnlyMemory<byte>? input)
    {
        Task ended = Task.CompletedTask;
        try
        {
            TellTaken();
            ChildProcess process = next.Process.Resume(file, argv, next.Setup.Look);
            ended = process.WaitForExitAsync(CancellationToken.None);
            return new SandboxedProcess(next.Setup, options with { Input = input ?? options.Input }, [], process);
        }
        catch
        {
            next.Dispose();
            throw;
        }
        finally
        {
            lacking.Writer.TryWrite(ended);
        }
    }

    /// <summary>Completes when as many sandboxes wait as the pool is to have: before the first requests come, say.</summary>
    /// <exception cref="KernelException">Sandboxes cannot be made here.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed meanwhile.</exception>
    public Task WaitUntilFullAsync(CancellationToken cancellationToken = default)
    {
        lock (counting)
        {
            return full.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends the sandboxes that wait. Those that were given out are their callers'.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await filling.ConfigureAwait(false);
        while (ready.Reader.TryRead(out Ready? left))
        {
            left.Dispose();
        }
    }

    // As execvp(3) does; what is shown in a sandbox has the same path outside.
    private static string Find(string fileName)
    {
        if (fileName.Contains('/', StringComparison.Ordinal))
        {
            return fileName;
        }

        foreach (string directory in SandboxSetup.ProgramPath.Split(':'))
        {
            string candidate = $"{directory}/{fileName}";
            if (Files.FAccessAt2(null, candidate, AccessModes.X_OK).Ok)
            {
                return candidate;
            }
        }

        return $"/usr/bin/{fileName}";
    }

    private async Task FillAsync()
    {
        try
        {
            await foreach (Task ended in lacking.Reader.ReadAllAsync(closing.Token).ConfigureAwait(false))
            {
                await WaitForCalmAsync(ended).ConfigureAwait(false);
                ready.Writer.TryWrite(Ready.Make(options));
                TellMade();
            }
        }
        catch (OperationCanceledException)
        {
            End(null);
        }
        catch (Exception failure)
        {
            // Whoever asks next is told.
            End(failure);
        }
    }

    // What is told after the permits of others were taken away is not missed: the state is looked at afterwards.
    private async Task WaitForCalmAsync(Task ended)
    {
        _ = ended.ContinueWith(
            _ => calm.Release(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        while (calm.Wait(0)) { }
        if (!ended.IsCompleted && !IsLow)
        {
            await calm.WaitAsync(Patience, closing.Token).ConfigureAwait(false);
        }
    }

    private bool IsLow => ready.Reader.Count <= size / 2;

    private void TellTaken()
    {
        lock (counting)
        {
            if (lacks++ == 0)
            {
                full = NewFull();
            }
        }

        if (IsLow)
        {
            calm.Release();
        }
    }

    private void TellMade()
    {
        lock (counting)
        {
            if (--lacks == 0)
            {
                full.TrySetResult();
            }
        }
    }

    private void End(Exception? failure)
    {
        ready.Writer.TryComplete(failure);
        lock (counting)
        {
            full.TrySetException(
                failure ?? new ObjectDisposedException(nameof(SandboxPool), "the pool has been disposed")
            );
        }

        // That nobody asked is no fault.
        _ = full.Task.Exception;
    }

    private static TaskCompletionSource NewFull() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A sandbox that waits for its program.</summary>
    private sealed record Ready(SandboxSetup Setup, SuspendedProcess Process) : IDisposable
    {
        public static Ready Make(SandboxOptions options)
        {
            // There may be input, whatever the options have.
            SandboxSetup setup = SandboxSetup.Make("a pooled sandbox", [], options, takesInput: true);
            SuspendedProcess? process = null;
            try
            {
                process = PreparedStart.Once(setup.Start).StartSuspendedWithoutProgram();
                setup.LookAhead(process.ProcessId);
                return new Ready(setup, process);
            }
            catch
            {
                process?.Dispose();
                setup.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            Process.Dispose();
            Setup.Dispose();
        }
    }
}
