using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>The side of a channel that answers. See <see cref="ProcessChannel"/> for what goes over the socket.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class ProcessChannelServer<TRequest, TResponse> : IDisposable
{
    private readonly FrameSocket socket;
    private readonly JsonTypeInfo<TRequest> requestType;
    private readonly JsonTypeInfo<TResponse> responseType;
    private readonly SemaphoreSlim room;
    private readonly ConcurrentDictionary<ulong, CancellationTokenSource> running = new();
    private int serving;

    /// <summary>Makes one of a connected socket; <see cref="ProcessChannel.FromInherited"/> finds the one that a child was given.</summary>
    /// <param name="socket">A stream socket of AF_UNIX; owned from now on.</param>
    /// <param name="request">How requests are read: of a source-generated JsonSerializerContext.</param>
    /// <param name="response">How responses are written.</param>
    /// <param name="options">Limits; null is <see cref="ProcessChannelOptions.Default"/>.</param>
    public ProcessChannelServer(
        SocketFd socket,
        JsonTypeInfo<TRequest> request,
        JsonTypeInfo<TResponse> response,
        ProcessChannelOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(response);
        options = (options ?? ProcessChannelOptions.Default).Checked();
        requestType = request;
        responseType = response;
        room = new SemaphoreSlim(options.MaximumRequests);
        this.socket = new FrameSocket(socket, options.MaximumLength);
    }

    /// <summary>Answers until the other side closes the channel, once; descriptors that come with a request are closed.</summary>
    /// <inheritdoc cref="ServeExchangesAsync"/>
    public Task ServeAsync(
        Func<TRequest?, CancellationToken, ValueTask<TResponse>> answer,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(answer);
        return ServeExchangesAsync(
            async (request, token) => new(await answer(request.Value, token).ConfigureAwait(false)),
            cancellationToken
        );
    }

    /// <summary>Answers until the other side closes the channel, once.</summary>
    /// <param name="answer">
    /// Answers one request; several run at a time. Its message's descriptors are closed when it returns, those of its answer once
    /// they are sent. What it throws is the other side's <see cref="ProcessChannelException.RemoteError"/>, by its message, of which
    /// as much is sent as the limit allows. Its
    /// token says that nobody wants the answer any more.
    /// </param>
    /// <param name="cancellationToken">Ends it: what runs is told to give up, and is waited for.</param>
    /// <exception cref="ProcessChannelException">What came is no frame, or longer than the limit.</exception>
    public async Task ServeExchangesAsync(
        Func<ChannelMessage<TRequest>, CancellationToken, ValueTask<ChannelReply<TResponse>>> answer,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (Interlocked.Exchange(ref serving, 1) != 0)
        {
            throw new InvalidOperationException("a channel is served once");
        }

        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int most = room.CurrentCount;
        try
        {
            while (await socket.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame)
            {
                if (frame.Kind == FrameKind.Request)
                {
                    await WaitForRoomAsync(frame, cancellationToken).ConfigureAwait(false);
                    CancellationTokenSource token = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
                    running[frame.Id] = token;
                    _ = Task.Run(() => AnswerAsync(frame, answer, token), CancellationToken.None);
                    continue;
                }

                frame.Dispose();
                if (frame.Kind == FrameKind.Cancel && running.TryGetValue(frame.Id, out CancellationTokenSource? asked))
                {
                    await asked.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch (IOException broken) when (broken is not ProcessChannelException)
        {
            // The other side went without reading all: that is the end too.
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            for (int i = 0; i < most; i++)
            {
                await room.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }

            socket.Dispose();
        }
    }

    /// <summary>Closes this side; not while it serves: cancel that.</summary>
    public void Dispose() => socket.Dispose();

    private async Task WaitForRoomAsync(Frame frame, CancellationToken cancellation)
    {
        try
        {
            await room.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    private async Task AnswerAsync(
        Frame frame,
        Func<ChannelMessage<TRequest>, CancellationToken, ValueTask<ChannelReply<TResponse>>> answer,
        CancellationTokenSource token
    )
    {
        try
        {
            using ChannelMessage<TRequest> request = new(
                JsonSerializer.Deserialize(frame.Body.Span, requestType),
                frame.Descriptors
            );
            ChannelReply<TResponse> reply = await answer(request, token.Token).ConfigureAwait(false);
            try
            {
                byte[] body = JsonSerializer.SerializeToUtf8Bytes(reply.Value, responseType);
                await WriteAsync(FrameKind.Response, frame.Id, body, reply.Descriptors).ConfigureAwait(false);
            }
            finally
            {
                foreach (FileDescriptor descriptor in reply.Descriptors)
                {
                    descriptor.Dispose();
                }
            }
        }
        catch (Exception failed)
        {
            string reason = failed is OperationCanceledException ? "cancelled" : failed.Message;
            await WriteAsync(FrameKind.Error, frame.Id, Shortened(reason), []).ConfigureAwait(false);
        }
        finally
        {
            frame.Dispose();
            running.TryRemove(KeyValuePair.Create(frame.Id, token));
            token.Dispose();
            room.Release();
        }
    }

    // Every request is answered: a reason that is too long for a message is better than none when it is cut.
    private ReadOnlyMemory<byte> Shortened(string reason)
    {
        ReadOnlyMemory<byte> text = Encoding.UTF8.GetBytes(reason);
        if (text.Length <= socket.MaximumLength)
        {
            return text;
        }

        ReadOnlyMemory<byte> cut = text[..socket.MaximumLength];
        return cut[..^Utf8End.BytesOfBegunCharacter(cut.Span)];
    }

    private async Task WriteAsync(
        FrameKind kind,
        ulong id,
        ReadOnlyMemory<byte> body,
        IReadOnlyList<FileDescriptor> descriptors
    )
    {
        try
        {
            await socket.WriteAsync(kind, id, body, descriptors, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or IOException and not ProcessChannelException)
        {
            // Nobody wants the answer any more; the reader finds that out.
        }
    }
}
