using System.Threading.Channels;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Sandboxes that are ready: processes which have their namespaces, cgroup, mounts and rights, and wait for a program. A start
/// then costs what executing it costs. All have the same options; each is used once, and the pool makes another meanwhile.
/// Owned; disposing ends those that wait. Thread-safe.
/// </summary>
public sealed class SandboxPool : IAsyncDisposable
{
    private readonly SandboxOptions options;
    private readonly Channel<Ready> ready;
    private readonly CancellationTokenSource closing = new();
    private readonly Task filling;

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
        ready = Channel.CreateBounded<Ready>(
            new BoundedChannelOptions(size) { SingleWriter = true, FullMode = BoundedChannelFullMode.Wait }
        );
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
        await using SandboxedProcess process = await StartAsync(fileName, arguments, input, cancellationToken)
            .ConfigureAwait(false);
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
        StartChecks.Check(new ProcessStartOptions(fileName, arguments));
        string[] argv = [fileName, .. arguments];
        string file = Find(fileName);
        if (!LateProgram.Fits(file, argv))
        {
            throw new ArgumentException("the arguments are longer than 128 KiB, or more than 2048", nameof(arguments));
        }

        Ready next;
        try
        {
            next = await ready.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException
                ?? new ObjectDisposedException(nameof(SandboxPool), "the pool has been disposed");
        }

        try
        {
            ChildProcess process = next.Process.Resume(file, argv, next.Setup.Look);
            return new SandboxedProcess(next.Setup, options with { Input = input ?? options.Input }, [], process);
        }
        catch
        {
            next.Dispose();
            throw;
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

        closing.Dispose();
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
        Ready? made = null;
        try
        {
            while (true)
            {
                await ready.Writer.WaitToWriteAsync(closing.Token).ConfigureAwait(false);
                made = Ready.Make(options);
                await ready.Writer.WriteAsync(made, closing.Token).ConfigureAwait(false);
                made = null;
            }
        }
        catch (OperationCanceledException)
        {
            made?.Dispose();
            ready.Writer.TryComplete();
        }
        catch (Exception failure)
        {
            // Whoever asks next is told.
            ready.Writer.TryComplete(failure);
        }
    }

    /// <summary>A sandbox that waits for its program.</summary>
    private sealed record Ready(SandboxSetup Setup, SuspendedProcess Process) : IDisposable
    {
        public static Ready Make(SandboxOptions options)
        {
            // There may be input, whatever the options have.
            SandboxSetup setup = SandboxSetup.Make("a pooled sandbox", [], options, takesInput: true);
            try
            {
                return new Ready(setup, PreparedStart.Once(setup.Start).StartSuspendedWithoutProgram());
            }
            catch
            {
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
