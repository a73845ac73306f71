namespace Tare.Processes;

public sealed partial class ChildProcess
{
    /// <summary>Starts a process and waits until it has ended.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="cancellationToken">Cancelling kills the process; where that is done already, none is started.</param>
    /// <exception cref="ArgumentException">The options ask for what no process can be; nothing has happened.</exception>
    /// <exception cref="ProcessStartException">It could not be started; nothing is left.</exception>
    public static async Task<ProcessExit> RunAsync(
        ProcessStartOptions options,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        using ChildProcess child = Start(options);
        return await child.EndedOrKilledAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts a process, with pipes for its outputs where the options leave them, and captures what it writes until it has ended.
    /// </summary>
    /// <param name="options">What to start.</param>
    /// <param name="capture">How much is kept; null is <see cref="CaptureOptions.Default"/>.</param>
    /// <param name="cancellationToken">Cancelling kills the process; where that is done already, none is started.</param>
    /// <exception cref="ArgumentException">The options ask for what no process can be; nothing has happened.</exception>
    /// <exception cref="ProcessStartException">It could not be started; nothing is left.</exception>
    public static async Task<ProcessOutput> RunAndCaptureAsync(
        ProcessStartOptions options,
        CaptureOptions? capture = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        capture ??= CaptureOptions.Default;
        capture.Check();
        if (options.Terminal is null)
        {
            options = options with
            {
                StandardInput = capture.Input is null ? options.StandardInput : ChildStream.Pipe,
                StandardOutput = Piped(options.StandardOutput),
                StandardError = Piped(options.StandardError),
            };
        }

        cancellationToken.ThrowIfCancellationRequested();
        using ChildProcess child = Start(options);
        return await child.CaptureAsync(capture, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same as text.</summary>
    /// <inheritdoc cref="RunAndCaptureAsync"/>
    public static async Task<ProcessTextOutput> RunAndCaptureTextAsync(
        ProcessStartOptions options,
        CaptureOptions? capture = null,
        CancellationToken cancellationToken = default
    )
    {
        ProcessOutput output = await RunAndCaptureAsync(options, capture, cancellationToken).ConfigureAwait(false);
        return new(
            output.ExitStatus,
            output.StandardOutput.Text,
            output.StandardError.Text,
            output.ProcessId,
            output.Truncated
        );
    }

    /// <summary>
    /// Reads both outputs, where they are pipes, until the process has ended and they are at their ends. Where what it started
    /// and left behind holds them open, that is waited for no longer than <see cref="CaptureOptions.Grace"/>. Nothing else may
    /// read them meanwhile.
    /// </summary>
    /// <param name="capture">How much is kept; null is <see cref="CaptureOptions.Default"/>.</param>
    /// <param name="cancellationToken">Cancelling kills the process.</param>
    public async Task<ProcessOutput> CaptureAsync(
        CaptureOptions? capture = null,
        CancellationToken cancellationToken = default
    )
    {
        capture ??= CaptureOptions.Default;
        capture.Check();
        if (capture.Input is not null && StandardInput is null && Terminal is null)
        {
            throw new ArgumentException("standard input is no pipe", nameof(capture));
        }

        using CancellationTokenSource over = new();
        Task<CapturedStream> output = ReadAsync(StandardOutput ?? Terminal?.Stream, capture.Limit, over.Token);
        Task<CapturedStream> error = ReadAsync(StandardError, capture.Limit, over.Token);
        Task input = WriteAsync(capture.Input, over.Token);
        try
        {
            ProcessExit exit = await EndedOrKilledAsync(cancellationToken).ConfigureAwait(false);
            Task outputs = Task.WhenAll(output, error);
            try
            {
                await outputs.WaitAsync(capture.Grace, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException) { }

            await over.CancelAsync().ConfigureAwait(false);
            return new(exit, await output.ConfigureAwait(false), await error.ConfigureAwait(false), ProcessId);
        }
        finally
        {
            // Whatever happened, nobody reads or writes any more when this is over.
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(output, error, input).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ChildStream Piped(ChildStream stream) =>
        stream?.What == ChildStream.Kind.Inherit ? ChildStream.Pipe : stream!;

    private static Task<CapturedStream> ReadAsync(Stream? stream, int limit, CancellationToken cancellation) =>
        stream is null
            ? Task.FromResult(CapturedStream.Empty)
            : CapturedStream.ReadAsync(stream, limit, null, cancellation);

    /// <summary>Writes what the process reads, and closes its input; null leaves that alone.</summary>
    internal async Task WriteAsync(ReadOnlyMemory<byte>? input, CancellationToken cancellation)
    {
        if (input is not { } bytes)
        {
            return;
        }

        try
        {
            await (StandardInput ?? Terminal!.Stream).WriteAsync(bytes, cancellation).ConfigureAwait(false);
            if (StandardInput is null)
            {
                await Terminal!.EndInputAsync(bytes, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception over) when (over is IOException or OperationCanceledException)
        {
            // The process need not read all of it.
        }

        StandardInput?.Dispose();
    }

    private async Task<ProcessExit> EndedOrKilledAsync(CancellationToken cancellation)
    {
        try
        {
            return await watch.Ended.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill();
            await watch.Ended.ConfigureAwait(false);
            throw;
        }
    }
}
