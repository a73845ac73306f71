using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

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

    /// <summary>Opens one end, once somebody has the other one open, and takes no thread while it waits for that.</summary>
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

    // Without a reader opening fails; that somebody opened the file can be watched.
    private static async Task<DescriptorStream> OpenWriterAsync(string path, CancellationToken cancellation)
    {
        SysResult<FileFd> opened = Checked(path, OpenFlags.O_WRONLY);
        if (opened.Errno == Errno.ENXIO)
        {
            using FileFd set = Inotify.Create(nonBlocking: true).OrThrow("watch a file");
            Inotify.AddWatch(set, path, InotifyFlags.IN_OPEN).OrThrow("watch", path);
            using WatchedDescriptor watched = Reactor.Shared.Watch(set, EpollEvents.EPOLLIN);
            while ((opened = Checked(path, OpenFlags.O_WRONLY)).Errno == Errno.ENXIO)
            {
                await watched.ReadableAsync(cancellation).ConfigureAwait(false);
                Inotify.Read(set);
            }
        }

        return new DescriptorStream(opened.OrThrow("open a FIFO", path), FileAccess.Write);
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
