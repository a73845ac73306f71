using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Files
{
    /// <summary>Reads up to the buffer's length; zero bytes is the end. Interruptions by signals are passed over. read(2).</summary>
    public static SysResult<int> Read(FileDescriptor file, Span<byte> buffer)
    {
        using Borrowed descriptor = new(file);
        nint raw;
        do
        {
            raw = Interop.read(descriptor.Number, buffer);
        } while (Interop.Interrupted(raw));

        return Interop.IntResult(raw);
    }

    /// <summary>Reads at an offset in bytes, leaving the file's own position alone. pread(2).</summary>
    public static SysResult<int> ReadAt(FileDescriptor file, Span<byte> buffer, long offset)
    {
        using Borrowed descriptor = new(file);
        nint raw;
        do
        {
            raw = Interop.pread64(descriptor.Number, buffer, offset);
        } while (Interop.Interrupted(raw));

        return Interop.IntResult(raw);
    }

    /// <summary>Writes; the result is how many bytes were taken. Interruptions by signals are passed over. write(2).</summary>
    public static SysResult<int> Write(FileDescriptor file, ReadOnlySpan<byte> bytes)
    {
        using Borrowed descriptor = new(file);
        nint raw;
        do
        {
            raw = Interop.write(descriptor.Number, bytes);
        } while (Interop.Interrupted(raw));

        return Interop.IntResult(raw);
    }

    /// <summary>Writes all of it, in as many calls as that takes. The file must be blocking, or EAGAIN ends it half-way.</summary>
    public static SysResult WriteAll(FileDescriptor file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            SysResult<int> written = Write(file, bytes);
            if (!written.Ok)
            {
                return new(written.Errno);
            }

            bytes = bytes[written.Value..];
        }

        return default;
    }

    /// <summary>Writes all of it at a place in a file, whose position stays. pwrite(2).</summary>
    public static SysResult WriteAllAt(FileDescriptor file, ReadOnlySpan<byte> bytes, long offset)
    {
        using Borrowed descriptor = new(file);
        while (!bytes.IsEmpty)
        {
            nint raw = Interop.pwrite64(descriptor.Number, bytes, offset);
            if (Interop.Interrupted(raw))
            {
                continue;
            }

            if (raw < 0)
            {
                return Interop.Result(raw);
            }

            bytes = bytes[(int)raw..];
            offset += raw;
        }

        return default;
    }

    /// <summary>Reads from the present position to the end.</summary>
    /// <param name="file">A file, FIFO or socket; it must be blocking.</param>
    /// <param name="limit">The most to accept, in bytes; more is EFBIG.</param>
    public static SysResult<byte[]> ReadToEnd(FileDescriptor file, int limit)
    {
        Span<byte> bytes = stackalloc byte[4096];
        bytes = bytes[..(int)Math.Min(limit + 1L, bytes.Length)];
        int length = 0;
        while (true)
        {
            if (length == bytes.Length)
            {
                if (length > limit)
                {
                    return new([], Errno.EFBIG);
                }

                byte[] larger = new byte[Math.Min(limit + 1L, bytes.Length * 2L)];
                bytes.CopyTo(larger);
                bytes = larger;
            }

            SysResult<int> count = Read(file, bytes[length..]);
            if (!count.Ok)
            {
                return new([], count.Errno);
            }

            if (count.Value == 0)
            {
                return new(bytes[..length].ToArray(), Errno.None);
            }

            length += count.Value;
        }
    }

    /// <summary>Opens, reads to the end and closes. For small files of /proc, /sys and cgroups.</summary>
    public static SysResult<byte[]> ReadAllAt(FileDescriptor? directory, BytePath path, int limit = 1 << 20)
    {
        SysResult<FileFd> opened = OpenAt(directory, path, OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return new([], opened.Errno);
        }

        using FileFd file = opened.Value;
        return ReadToEnd(file, limit);
    }

    /// <summary>
    /// Opens an existing file, writes once and closes. For the files of /proc, /sys and cgroups, which take a value per
    /// write(2); a short write is EIO.
    /// </summary>
    public static SysResult WriteValueAt(FileDescriptor? directory, BytePath path, ReadOnlySpan<byte> value)
    {
        SysResult<FileFd> opened = OpenAt(directory, path, OpenFlags.O_WRONLY);
        if (!opened.Ok)
        {
            return new(opened.Errno);
        }

        using FileFd file = opened.Value;
        SysResult<int> written = Write(file, value);
        return new(written.Ok && written.Value != value.Length ? Errno.EIO : written.Errno);
    }

    /// <summary>Sets a file's length in bytes. ftruncate(2).</summary>
    public static SysResult FTruncate(FileDescriptor file, long length)
    {
        using Borrowed descriptor = new(file);
        return Interop.Result(Interop.Call(Syscall.ftruncate, descriptor.Number, (nint)length));
    }

    /// <summary>Waits until the file's content is on the disk. fsync(2).</summary>
    public static SysResult FSync(FileDescriptor file)
    {
        using Borrowed descriptor = new(file);
        return Interop.Result(Interop.Call(Syscall.fsync, descriptor.Number));
    }

    /// <summary>Waits until all of the file system that an open file lies on is on the disk. syncfs(2).</summary>
    public static SysResult SyncFs(FileDescriptor file)
    {
        using Borrowed descriptor = new(file);
        return Interop.Result(Interop.Call(Syscall.syncfs, descriptor.Number));
    }

    /// <summary>
    /// Locks the open file, or with LOCK_NB says EAGAIN. The lock belongs to the open file: it goes when the last
    /// descriptor of it does, however the process ends. flock(2).
    /// </summary>
    public static SysResult FLock(FileDescriptor file, LockOperation operation)
    {
        using Borrowed descriptor = new(file);
        nint raw;
        do
        {
            raw = Interop.Call(Syscall.flock, descriptor.Number, (nint)(int)operation);
        } while (Interop.Interrupted(raw));

        return Interop.Result(raw);
    }
}
