using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

public sealed partial class DescriptorStream
{
    // As much as the largest pipe that everybody may make holds.
    private const int AtOnce = 1 << 20;

    // How often the kernel may say "not now" while it says that both are ready, before bytes are copied instead.
    private const int Patience = 16;

    /// <summary>How much the pipe holds, in bytes; the kernel rounds up to a power of two pages. F_SETPIPE_SZ.</summary>
    /// <exception cref="KernelException">
    /// EBADF: it is no pipe. EPERM: more than /proc/sys/fs/pipe-max-size, without CAP_SYS_RESOURCE. EBUSY: it holds more.
    /// </exception>
    public int PipeCapacity
    {
        get => Pipes.GetSize(file).OrThrow("ask for a pipe's size");
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Pipes.SetSize(file, value).OrThrow("set a pipe's size");
        }
    }

    /// <summary>
    /// Copies to the end. Where the destination is another <see cref="DescriptorStream"/> or a file and one of the two is a
    /// pipe, the bytes stay in the kernel: splice(2).
    /// </summary>
    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        CheckReadable();
        return destination switch
        {
            DescriptorStream other => SpliceAsync(other, bufferSize, cancellationToken),
            FileStream { CanSeek: true, CanWrite: true } target => SpliceAsync(target, bufferSize, cancellationToken),
            _ => base.CopyToAsync(destination, bufferSize, cancellationToken),
        };
    }

    private async Task SpliceAsync(DescriptorStream other, int bufferSize, CancellationToken cancellation)
    {
        int undecided = 0;
        while (undecided < Patience)
        {
            cancellation.ThrowIfCancellationRequested();
            SysResult<int> moved = Splice(other.file, null);
            if (moved is { Ok: true, Value: 0 })
            {
                return;
            }

            if (moved.Ok)
            {
                undecided = 0;
            }
            else if (moved.Errno != Errno.EAGAIN)
            {
                break;
            }
            else if (!IsReady(file, PollEvents.POLLIN))
            {
                await watched.ReadableAsync(cancellation).ConfigureAwait(false);
                ObjectDisposedException.ThrowIf(file.IsClosed, this);
            }
            else if (!IsReady(other.file, PollEvents.POLLOUT))
            {
                await other.watched.WritableAsync(cancellation).ConfigureAwait(false);
                ObjectDisposedException.ThrowIf(other.file.IsClosed, other);
            }
            else
            {
                undecided++;
            }
        }

        // It cannot be done so, or what is wrong shows now.
        await base.CopyToAsync(other, bufferSize, cancellation).ConfigureAwait(false);
    }

    private async Task SpliceAsync(FileStream target, int bufferSize, CancellationToken cancellation)
    {
        await target.FlushAsync(cancellation).ConfigureAwait(false);
        long offset = target.Position;
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                SysResult<int> moved = Splice(target.SafeFileHandle, offset);
                if (moved is { Ok: true, Value: 0 })
                {
                    return;
                }

                if (moved.Ok)
                {
                    offset += moved.Value;
                }
                else if (moved.Errno == Errno.EAGAIN)
                {
                    await watched.ReadableAsync(cancellation).ConfigureAwait(false);
                    ObjectDisposedException.ThrowIf(file.IsClosed, this);
                }
                else
                {
                    break;
                }
            }
        }
        finally
        {
            target.Position = offset;
        }

        await base.CopyToAsync(target, bufferSize, cancellation).ConfigureAwait(false);
    }

    private SysResult<int> Splice(SafeHandle target, long? offset) =>
        Splices.Move(file, target, AtOnce, offset, SpliceFlags.SPLICE_F_NONBLOCK | SpliceFlags.SPLICE_F_MOVE);

    private static bool IsReady(FileDescriptor file, PollEvents events) =>
        Poll.Wait(file, events, TimeSpan.Zero).OrThrow("look at a descriptor") != PollEvents.None;
}
