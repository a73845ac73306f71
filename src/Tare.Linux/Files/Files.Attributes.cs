using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Files
{
    /// <summary>The longest list of names, and the longest value, that the kernel gives, in bytes. linux/limits.h.</summary>
    private const int LongestAttribute = 64 << 10;

    /// <summary>
    /// The names of an open file's extended attributes; ENOTSUP where its file system has none. Not of a file opened with
    /// O_PATH: EBADF. flistxattr(2).
    /// </summary>
    public static SysResult<List<BytePath>> ListAttributes(FileDescriptor file)
    {
        using Borrowed descriptor = new(file);
        nint raw = Interop.flistxattr(descriptor.Number, []);
        byte[] buffer = [];
        if (raw > 0)
        {
            buffer = new byte[LongestAttribute];
            raw = Interop.flistxattr(descriptor.Number, buffer);
        }

        List<BytePath> names = [];
        for (Span<byte> rest = buffer.AsSpan(0, (int)Math.Max(0, raw)); rest.IndexOf((byte)0) is var end and > 0; )
        {
            names.Add(BytePath.FromBytes(rest[..end]));
            rest = rest[(end + 1)..];
        }

        return new(names, Interop.ErrnoOf(raw));
    }

    /// <summary>The value of an open file's extended attribute; ENODATA where it has none of that name. fgetxattr(2).</summary>
    public static SysResult<byte[]> GetAttribute(FileDescriptor file, BytePath name)
    {
        using Borrowed descriptor = new(file);
        byte[] buffer = new byte[LongestAttribute];
        nint raw = Interop.fgetxattr(descriptor.Number, name, buffer);
        return new(buffer[..(int)Math.Max(0, raw)], Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Gives an open file an extended attribute; ENOTSUP where its file system takes none of that kind. fsetxattr(2).
    /// </summary>
    public static SysResult SetAttribute(FileDescriptor file, BytePath name, ReadOnlySpan<byte> value)
    {
        using Borrowed descriptor = new(file);
        return Interop.Result(Interop.fsetxattr(descriptor.Number, name, value));
    }

    /// <summary>Takes an extended attribute from an open file; ENODATA where it has none of that name. fremovexattr(2).</summary>
    public static SysResult RemoveAttribute(FileDescriptor file, BytePath name)
    {
        using Borrowed descriptor = new(file);
        return Interop.Result(Interop.fremovexattr(descriptor.Number, name));
    }

    /// <summary>
    /// Says when a file was read and written last; an empty path is the open file itself. utimensat(2).
    /// </summary>
    public static SysResult SetTimes(
        FileDescriptor directory,
        BytePath path,
        StatXTime access,
        StatXTime modification,
        AtFlags flags = AtFlags.None
    )
    {
        using Borrowed at = new(directory);
        return Interop.Result(
            Interop.utimensat(
                at.Number,
                path,
                new TimeSpec { Seconds = access.Seconds, Nanoseconds = access.Nanoseconds },
                new TimeSpec { Seconds = modification.Seconds, Nanoseconds = modification.Nanoseconds },
                flags
            )
        );
    }

    /// <summary>Sets the permission bits of a file; symlinks are followed. fchmodat(2).</summary>
    public static SysResult FChmodAt(FileDescriptor? directory, BytePath path, FileModes mode)
    {
        using Borrowed at = new(directory);
        return Interop.Result(Interop.fchmodat(at.Number, path, mode));
    }

    /// <summary>
    /// The next offset at or after one, in bytes, where an open file has content and no hole; ENXIO where there is none up
    /// to its end. Moves the file's position. lseek(2), SEEK_DATA.
    /// </summary>
    public static SysResult<long> SeekData(FileDescriptor file, long offset)
    {
        const int SeekData = 3;
        using Borrowed descriptor = new(file);
        nint raw = Interop.Call(Syscall.lseek, descriptor.Number, (nint)offset, SeekData);
        return new(raw, Interop.ErrnoOf(raw));
    }
}
