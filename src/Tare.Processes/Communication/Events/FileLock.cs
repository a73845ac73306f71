using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// A lock on a file, or part of one, that other programs' locks of fcntl(2) respect. It belongs to this object: other threads
/// of this process are kept out as well, and when the process ends, however it does, it is free. fcntl(2), F_OFD_SETLK.
/// </summary>
public sealed class FileLock : IDisposable
{
    private readonly FileFd file;

    private FileLock(FileFd file) => this.file = file;

    /// <summary>Takes a lock, if nobody has one that conflicts.</summary>
    /// <param name="path">The file; made, empty, where there is none.</param>
    /// <param name="isShared">Others may have a shared one too.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="length">How many bytes; 0 is to the end, however the file grows.</param>
    /// <returns>The lock, or null.</returns>
    /// <exception cref="KernelException">EACCES: the file may not be written. ENOLCK: there are too many locks.</exception>
    public static FileLock? TryAcquire(string path, bool isShared = false, long start = 0, long length = 0) =>
        Acquire(path, isShared, start, length, wait: false);

    /// <summary>Takes a lock, once nobody has one that conflicts; a thread waits. Circles of waiting are not found.</summary>
    /// <param name="path">The file; made, empty, where there is none.</param>
    /// <param name="isShared">Others may have a shared one too.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="length">How many bytes; 0 is to the end, however the file grows.</param>
    /// <exception cref="KernelException">EACCES: the file may not be written. ENOLCK: there are too many locks.</exception>
    public static FileLock Acquire(string path, bool isShared = false, long start = 0, long length = 0) =>
        Acquire(path, isShared, start, length, wait: true)!;

    /// <summary>Gives the lock up.</summary>
    public void Dispose() => file.Dispose();

    private static FileLock? Acquire(string path, bool isShared, long start, long length, bool wait)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, long.MaxValue - start);
        const FileModes Mode = (FileModes)0x1B6; // rw-rw-rw-, less the umask
        FileFd opened = Files
            .OpenAt(null, path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_CLOEXEC | OpenFlags.O_NOCTTY, Mode)
            .OrThrow("open", path);
        SysResult locked = FileLocks.Set(
            opened,
            isShared ? FileLockType.F_RDLCK : FileLockType.F_WRLCK,
            start,
            length,
            wait
        );
        if (locked.Ok)
        {
            return new FileLock(opened);
        }

        opened.Dispose();
        if (!wait && locked.Errno is Errno.EAGAIN or Errno.EACCES)
        {
            return null;
        }

        locked.OrThrow("lock", path);
        return null;
    }
}
