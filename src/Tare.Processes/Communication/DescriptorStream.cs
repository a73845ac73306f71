using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>
/// A pipe's end, a terminal or a socket as a stream. Asynchronous calls take no thread while they wait. One read and one write at
/// a time. Owns the descriptor, which is set to be non-blocking: others who hold the same open file see that.
/// </summary>
public sealed partial class DescriptorStream : Stream
{
    private readonly FileDescriptor file;
    private readonly WatchedDescriptor watched;
    private readonly FileAccess access;

    /// <summary>Makes a stream of a descriptor.</summary>
    /// <param name="descriptor">A pipe's end, terminal or socket; owned from now on.</param>
    /// <param name="access">What may be done.</param>
    /// <exception cref="KernelException">EPERM: a regular file or directory; use <see cref="FileStream"/> for those.</exception>
    public DescriptorStream(FileDescriptor descriptor, FileAccess access)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (access is < FileAccess.Read or > FileAccess.ReadWrite)
        {
            throw new ArgumentOutOfRangeException(nameof(access), access, "it is neither read nor written");
        }

        file = descriptor;
        this.access = access;
        DescriptorTable.SetNonBlocking(descriptor, true).OrThrow("make a descriptor non-blocking");
        FileModes kind = (FileModes)Files.StatX(descriptor).OrThrow("look at a descriptor").Mode & FileModes.S_IFMT;
        if (kind is FileModes.S_IFREG or FileModes.S_IFDIR)
        {
            throw new KernelException(Errno.EPERM, "wait for a descriptor");
        }

        watched = Reactor.Shared.WatchOnDemand(descriptor);
    }

    /// <summary>The descriptor, which stays the stream's.</summary>
    public FileDescriptor Descriptor => file;

    /// <inheritdoc />
    public override bool CanRead => (access & FileAccess.Read) != 0;

    /// <inheritdoc />
    public override bool CanWrite => (access & FileAccess.Write) != 0;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException("a pipe has no length");

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException("a pipe has no position");
        set => throw new NotSupportedException("a pipe has no position");
    }

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        CheckReadable();
        while (true)
        {
            SysResult<int> read = Files.Read(file, buffer);
            if (read.Errno != Errno.EAGAIN)
            {
                return Taken(read);
            }

            Poll.Wait(file, PollEvents.POLLIN).OrThrow("wait for a stream");
        }
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        CheckReadable();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SysResult<int> read = Files.Read(file, buffer.Span);
            if (read.Errno != Errno.EAGAIN)
            {
                return Taken(read);
            }

            await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
            ObjectDisposedException.ThrowIf(file.IsClosed, this);
        }
    }

    /// <inheritdoc />
    /// <exception cref="IOException">EPIPE: nobody reads any more.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        CheckWritable();
        while (!buffer.IsEmpty)
        {
            SysResult<int> written = Files.Write(file, buffer);
            if (written.Errno == Errno.EAGAIN)
            {
                Poll.Wait(file, PollEvents.POLLOUT).OrThrow("wait for a stream");
                continue;
            }

            buffer = buffer[Given(written)..];
        }
    }

    /// <inheritdoc />
    /// <exception cref="IOException">EPIPE: nobody reads any more.</exception>
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        CheckWritable();
        while (!buffer.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SysResult<int> written = Files.Write(file, buffer.Span);
            if (written.Errno == Errno.EAGAIN)
            {
                await watched.WritableAsync(cancellationToken).ConfigureAwait(false);
                ObjectDisposedException.ThrowIf(file.IsClosed, this);
                continue;
            }

            buffer = buffer[Given(written)..];
        }
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc />
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Does nothing: what was written is the kernel's already.</summary>
    public override void Flush() { }

    /// <inheritdoc />
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("a pipe cannot be sought");

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException("a pipe has no length");

    /// <summary>Completes at the first event since the stream was made, or since the last wait for one.</summary>
    internal ValueTask ArrivalAsync(CancellationToken cancellation) => watched.ReadableAsync(cancellation);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing && !file.IsClosed)
        {
            watched.Dispose();
            file.Dispose();

            // Who waited finds the descriptor closed.
            watched.Signal(EpollEvents.EPOLLHUP);
        }

        base.Dispose(disposing);
    }

    // A terminal's master gives EIO once nobody has its slave open: that is its end.
    private static int Taken(SysResult<int> read) =>
        read.Errno switch
        {
            Errno.None => read.Value,
            Errno.EIO => 0,
            _ => throw new IOException($"read: {read.Errno}"),
        };

    private static int Given(SysResult<int> written) =>
        written.Ok ? written.Value : throw new IOException($"write: {written.Errno}");

    private void CheckReadable()
    {
        ObjectDisposedException.ThrowIf(file.IsClosed, this);
        if (!CanRead)
        {
            throw new NotSupportedException("this end is for writing");
        }
    }

    private void CheckWritable()
    {
        ObjectDisposedException.ThrowIf(file.IsClosed, this);
        if (!CanWrite)
        {
            throw new NotSupportedException("this end is for reading");
        }
    }
}
