using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// This process's side of a channel to a child: any number of requests at a time, from any thread. When the child ends or
/// closes its side, all that wait fail, and say how it ended. See <see cref="ProcessChannel"/> for what goes over the socket.
/// </summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class ProcessChannel<TRequest, TResponse> : IAsyncDisposable
{
    private readonly FrameSocket socket;
    private readonly JsonTypeInfo<TRequest> requestType;
    private readonly JsonTypeInfo<TResponse> responseType;
    private readonly ProcessChannelOptions options;
    private readonly SemaphoreSlim room;
    private readonly CancellationTokenSource disposed = new();
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource<Frame>> pending = new();
    private ulong lastId;
    private ProcessChannelException? failure;

    internal ProcessChannel(
        ChildProcess process,
        FrameSocket socket,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResponse> responseType,
        ProcessChannelOptions options
    )
    {
        Process = process;
        this.socket = socket;
        this.requestType = requestType;
        this.responseType = responseType;
        this.options = options;
        room = new SemaphoreSlim(options.MaximumRequests);
        Completion = ReadAsync();
    }

    /// <summary>The child; stays the channel's.</summary>
    public ChildProcess Process { get; }

    /// <summary>Completes when the channel is over: the child has ended or closed its side, or this side was disposed.</summary>
    public Task Completion { get; }

    /// <summary>Asks, and waits for the answer; descriptors that come with it are closed.</summary>
    /// <inheritdoc cref="ExchangeAsync"/>
    public async Task<TResponse?> SendAsync(TRequest request, CancellationToken cancellationToken = default)
    {
        using ChannelMessage<TResponse> answer = await ExchangeAsync(request, [], cancellationToken)
            .ConfigureAwait(false);
        return answer.Value;
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="descriptors">Open files to hand over, at most 253; they stay the caller's.</param>
    /// <param name="cancellationToken">Ends the wait and tells the child to give up.</param>
    /// <returns>The answer, with the descriptors that came with it; the caller's to dispose.</returns>
    /// <exception cref="ProcessChannelException">
    /// The child refused (<see cref="ProcessChannelException.RemoteError"/>), ended (<see cref="ProcessChannelException.ExitStatus"/>),
    /// or closed its side; the request is larger than the limit, and was not sent.
    /// </exception>
    public async Task<ChannelMessage<TResponse>> ExchangeAsync(
        TRequest request,
        IReadOnlyList<FileDescriptor> descriptors,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(request, requestType);
        await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        ulong id = Interlocked.Increment(ref lastId);
        TaskCompletionSource<Frame> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        pending[id] = answered;
        try
        {
            ThrowIfOver();
            await WriteAsync(id, body, descriptors, cancellationToken).ConfigureAwait(false);
            return Read(await answered.Task.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            _ = GiveUpAsync(id, answered.Task);
            throw;
        }
        finally
        {
            pending.TryRemove(id, out _);
            room.Release();
        }
    }

    /// <summary>
    /// Closes this side. What waits fails. The child reads the end; it is not killed, and goes on if it does not care. Its
    /// streams here are closed.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await disposed.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
        await Process.DisposeAsync().ConfigureAwait(false);
    }

    private void ThrowIfOver()
    {
        if (Volatile.Read(ref failure) is { } over)
        {
            throw over.Again();
        }
    }

    private async Task WriteAsync(
        ulong id,
        byte[] body,
        IReadOnlyList<FileDescriptor> descriptors,
        CancellationToken cancellation
    )
    {
        try
        {
            await socket.WriteAsync(FrameKind.Request, id, body, descriptors, cancellation).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is ObjectDisposedException or IOException and not ProcessChannelException)
        {
            // The other side is closed; the reader finds out how the process ended.
            await Completion
                .WaitAsync(options.ExitGrace * 2, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ThrowIfOver();
            throw new ProcessChannelException($"ask process {Process.ProcessId}: {broken.Message}", broken);
        }
    }

    private ChannelMessage<TResponse> Read(Frame frame)
    {
        try
        {
            return frame.Kind == FrameKind.Error
                ? throw Refused(Encoding.UTF8.GetString(frame.Body.Span))
                : new(JsonSerializer.Deserialize(frame.Body.Span, responseType), frame.Descriptors);
        }
        catch (Exception failed)
        {
            frame.Dispose();
            throw failed is JsonException
                ? new ProcessChannelException(
                    $"the answer of process {Process.ProcessId} is no {typeof(TResponse).Name}: {failed.Message}",
                    failed
                )
                : failed;
        }
    }

    private ProcessChannelException Refused(string reason) =>
        new($"process {Process.ProcessId} refused: {reason}") { RemoteError = reason };

    // Either nobody answers any more, or the answer is here already and nobody's.
    private async Task GiveUpAsync(ulong id, Task<Frame> answered)
    {
        try
        {
            if (pending.TryRemove(id, out _))
            {
                await socket.WriteAsync(FrameKind.Cancel, id, default, [], disposed.Token).ConfigureAwait(false);
            }
            else
            {
                (await answered.ConfigureAwait(false)).Dispose();
            }
        }
        catch (Exception over) when (over is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The channel is over, and the request with it.
        }
    }

    private async Task ReadAsync()
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(disposed.Token);
        Task<ProcessExit> exit = Process.WaitForExitAsync(over.Token);
        Task watching = CancelAfterAsync(exit, over);
        ProcessChannelException why;
        try
        {
            while (await socket.ReadAsync(over.Token).ConfigureAwait(false) is { } frame)
            {
                Answer(frame);
            }

            why = await EndAsync().ConfigureAwait(false);
        }
        catch (ProcessChannelException wrong)
        {
            why = wrong;
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            why = await EndAsync().ConfigureAwait(false);
        }

        await over.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        Volatile.Write(ref failure, why);
        socket.Dispose();
        foreach ((ulong id, TaskCompletionSource<Frame> waiting) in pending)
        {
            if (pending.TryRemove(id, out _))
            {
                waiting.TrySetException(why.Again());
            }
        }
    }

    // What was sent before the process ended is there by then, and is read before the cancellation is seen. Others that
    // hold the socket do not put it off.
    private static async Task CancelAfterAsync(Task task, CancellationTokenSource over)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync().ConfigureAwait(false);
    }

    private void Answer(Frame frame)
    {
        if (
            frame.Kind is not (FrameKind.Response or FrameKind.Error)
            || !pending.TryRemove(frame.Id, out TaskCompletionSource<Frame>? waiting)
        )
        {
            frame.Dispose();
            return;
        }

        waiting.SetResult(frame);
    }

    private async Task<ProcessChannelException> EndAsync()
    {
        ProcessExit? exit = null;
        try
        {
            exit = await Process
                .WaitForExitAsync(disposed.Token)
                .WaitAsync(options.ExitGrace, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception unknown) when (unknown is TimeoutException or OperationCanceledException or KernelException)
        {
            // It goes on, or somebody else reaped it.
        }

        return new ProcessChannelException(
            disposed.IsCancellationRequested ? "this side of the channel was closed"
            : exit is null ? $"process {Process.ProcessId} closed its side of the channel"
            : $"process {Process.ProcessId} ended: {exit}"
        )
        {
            ExitStatus = exit,
        };
    }
}
