using System.Buffers.Binary;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// Frames over a stream socket. Whole frames only are written, whoever gives up waiting; any number may write at a time, one
/// may read.
/// </summary>
internal sealed class FrameSocket : IDisposable
{
    private readonly DescriptorChannel channel;
    private readonly SemaphoreSlim writing = new(1);
    private readonly Queue<FileFd> descriptors = new();
    private byte[] buffer = new byte[4096];
    private int filled;

    /// <summary>Takes a connected stream socket over.</summary>
    /// <param name="socket">The socket; owned from now on.</param>
    /// <param name="maximumLength">The longest body to send or accept, in bytes.</param>
    public FrameSocket(SocketFd socket, int maximumLength)
    {
        channel = new DescriptorChannel(socket);
        MaximumLength = maximumLength;
    }

    /// <summary>The longest body that is sent or accepted, in bytes.</summary>
    public int MaximumLength { get; }

    /// <summary>Writes a frame. Cancelling ends the wait; the frame is then written whole, or not at all.</summary>
    /// <exception cref="ProcessChannelException">The body is longer than the limit; nothing was sent.</exception>
    /// <exception cref="IOException">EPIPE: nobody reads any more.</exception>
    public async Task WriteAsync(
        FrameKind kind,
        ulong id,
        ReadOnlyMemory<byte> body,
        IReadOnlyList<FileDescriptor> given,
        CancellationToken cancellation
    )
    {
        if (body.Length > MaximumLength)
        {
            throw new ProcessChannelException(
                $"a message of {body.Length} bytes is longer than the channel's limit of {MaximumLength}"
            );
        }

        byte[] frame = Frame.Encode(kind, id, body.Span, given.Count);
        await writing.WaitAsync(cancellation).ConfigureAwait(false);
        Task whole = WriteWholeAsync(frame, given, cancellation);
        try
        {
            await whole.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What becomes of the rest is for the reader to find out.
            _ = whole.ContinueWith(
                static task => task.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
            throw;
        }
    }

    /// <summary>The next frame; null at the end. What is there already is given even when cancelled.</summary>
    /// <exception cref="ProcessChannelException">What came is no frame, or longer than the limit.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TakeFrame() is { } frame)
            {
                return frame;
            }

            ReceivedMessage message = await channel
                .ReceiveAsync(buffer.AsMemory(filled), DescriptorPassing.MaximumDescriptors, cancellation)
                .ConfigureAwait(false);
            foreach (FileFd descriptor in message.Descriptors)
            {
                descriptors.Enqueue(descriptor);
            }

            filled += message.Length;
            if (message.Truncated)
            {
                throw new ProcessChannelException("descriptors that came were lost: too many are open");
            }

            if (message.Length == 0)
            {
                return filled == 0 ? null : throw new ProcessChannelException("it ended within a message");
            }
        }
    }

    /// <summary>Closes the socket and what was not taken.</summary>
    public void Dispose()
    {
        channel.Dispose();
        while (descriptors.TryDequeue(out FileFd? descriptor))
        {
            descriptor.Dispose();
        }
    }

    // The first bytes may be waited for and given up; once they are sent, the rest goes on without whoever asked for it.
    private async Task WriteWholeAsync(
        byte[] frame,
        IReadOnlyList<FileDescriptor> given,
        CancellationToken cancellation
    )
    {
        try
        {
            ReadOnlyMemory<byte> rest = frame;
            rest = rest[await channel.SendFirstAsync(rest, given, cancellation).ConfigureAwait(false)..];
            if (!rest.IsEmpty)
            {
                await channel.SendAsync(rest, null, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            writing.Release();
        }
    }

    private Frame? TakeFrame()
    {
        if (filled < Frame.HeadLength)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(buffer);
        FrameKind kind = (FrameKind)buffer[4];
        if (length < 0 || length > MaximumLength)
        {
            throw new ProcessChannelException(
                $"a message of {(uint)length} bytes came, which is longer than the channel's limit of {MaximumLength}"
            );
        }

        if (kind is < FrameKind.Request or > FrameKind.Cancel)
        {
            throw new ProcessChannelException($"a message of the unknown kind {(byte)kind} came");
        }

        int whole = Frame.HeadLength + length;
        if (filled < whole)
        {
            if (buffer.Length < whole)
            {
                Array.Resize(ref buffer, whole);
            }

            return null;
        }

        int count = buffer[5];
        if (count > descriptors.Count)
        {
            throw new ProcessChannelException(
                $"a message that names {count} descriptors came with {descriptors.Count}"
            );
        }

        FileFd[] own = new FileFd[count];
        for (int i = 0; i < count; i++)
        {
            own[i] = descriptors.Dequeue();
        }

        Frame frame = new(
            kind,
            BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(8)),
            buffer.AsSpan(Frame.HeadLength, length).ToArray(),
            own
        );
        filled -= whole;
        buffer.AsSpan(whole, filled).CopyTo(buffer);
        return frame;
    }
}
