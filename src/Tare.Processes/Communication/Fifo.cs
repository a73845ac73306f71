using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Pipes that have a name in the file system. fifo(7).</summary>
public static class Fifo
{
    /// <summary>Makes one; the umask applies. mkfifo(3).</summary>
    /// <param name="path">Its name; nothing may be there yet.</param>
    /// <param name="mode">Permissions.</param>
    /// <exception cref="KernelException">EEXIST: something is there.</exception>
    public static void Create(string path, FileModes mode = FileModes.S_IRUSR | FileModes.S_IWUSR)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if ((mode & ~(FileModes)0xFFF) != 0)
        {
            throw new ArgumentException("a mode is permissions only", nameof(mode));
        }

        Files.MknodAt(null, path, mode | FileModes.S_IFIFO).OrThrow("make a FIFO", path);
    }

    /// <summary>
    /// Opens one end, once somebody has the other one open. To wait for a writer takes no thread; to wait for a reader takes one.
    /// </summary>
    /// <param name="path">Its name.</param>
    /// <param name="access">Read or Write.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="KernelException">ENOENT: nothing is there. EACCES. EINVAL: what is there is no FIFO.</exception>
    public static async Task<DescriptorStream> OpenAsync(
        string path,
        FileAccess access,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (access is not (FileAccess.Read or FileAccess.Write))
        {
            throw new ArgumentException("an end of a pipe is for reading or for writing", nameof(access));
        }

        return access == FileAccess.Read
            ? await OpenReaderAsync(path, cancellationToken).ConfigureAwait(false)
            : await OpenWriterAsync(path, cancellationToken).ConfigureAwait(false);
    }

    // Opened without waiting, it looks at its end until a writer comes: the first event says so.
    private static async Task<DescriptorStream> OpenReaderAsync(string path, CancellationToken cancellation)
    {
        FileFd file = Checked(path, OpenFlags.O_RDONLY).OrThrow("open a FIFO", path);
        DescriptorStream stream = new(file, FileAccess.Read);
        try
        {
            await stream.ArrivalAsync(cancellation).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Nothing tells of a reader that waits for a writer but an open that waits too, on a thread of its own. It is woken by a
    // reader of this process's, through the same file whatever becomes of the path.
    private static async Task<DescriptorStream> OpenWriterAsync(string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        SysResult<FileFd> opened = Checked(path, OpenFlags.O_WRONLY);
        if (opened.Errno == Errno.ENXIO)
        {
            using FileFd place = Files.OpenAt(null, path, OpenFlags.O_PATH | OpenFlags.O_CLOEXEC).OrThrow("open", path);
            string same = $"/proc/self/fd/{place.Number}";
            Task<SysResult<FileFd>> waiting = Task.Factory.StartNew(
                () => OpenWaiting(same),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
            try
            {
                opened = await waiting.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                using FileFd? reader = Checked(same, OpenFlags.O_RDONLY).Value;
                (await waiting.ConfigureAwait(false)).Value?.Dispose();
                throw;
            }
        }

        return new DescriptorStream(opened.OrThrow("open a FIFO", path), FileAccess.Write);
    }

    private static SysResult<FileFd> OpenWaiting(string path)
    {
        SysResult<FileFd> opened;
        do
        {
            opened = Files.OpenAt(null, path, OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC | OpenFlags.O_NOCTTY);
        } while (opened.Errno == Errno.EINTR);

        return opened;
    }

    private static SysResult<FileFd> Checked(string path, OpenFlags access)
    {
        SysResult<FileFd> opened = Files.OpenAt(
            null,
            path,
            access | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC | OpenFlags.O_NOCTTY
        );
        if (!opened.Ok || Pipes.GetSize(opened.Value).Ok)
        {
            return opened;
        }

        opened.Value.Dispose();
        return new(null!, Errno.EINVAL);
    }
}
