using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Files
{
    /// <summary>What the kernel knows about a file. statx(2). With AT_EMPTY_PATH and the empty path: about the descriptor.</summary>
    public static SysResult<StatX> StatX(
        FileDescriptor? directory,
        BytePath path,
        AtFlags flags = AtFlags.None,
        StatXMask mask = StatXMask.STATX_BASIC_STATS
    )
    {
        using Borrowed at = new(directory);
        nint raw = Interop.statx(at.Number, path, flags, mask, out StatX status);
        return new(status, Interop.ErrnoOf(raw));
    }

    /// <summary>What the kernel knows about an open file. statx(2).</summary>
    public static SysResult<StatX> StatX(FileDescriptor file, StatXMask mask = StatXMask.STATX_BASIC_STATS) =>
        StatX(file, BytePath.Empty, AtFlags.AT_EMPTY_PATH, mask);

    /// <summary>The file system that an open file lies on. fstatfs(2).</summary>
    public static SysResult<StatFs> FStatFs(FileDescriptor file)
    {
        using Borrowed descriptor = new(file);
        nint raw = Interop.fstatfs(descriptor.Number, out StatFs status);
        return new(status, Interop.ErrnoOf(raw));
    }

    /// <summary>Whether the process may do that with the file. faccessat2(2), Linux 5.8.</summary>
    public static SysResult FAccessAt2(
        FileDescriptor? directory,
        BytePath path,
        AccessModes mode,
        AtFlags flags = AtFlags.None
    )
    {
        using Borrowed at = new(directory);
        return Interop.Result(Interop.faccessat2(at.Number, path, mode, flags));
    }

    /// <summary>
    /// Whether execve(2) would execute a file: permissions, mount options and security modules asked, the format not looked at.
    /// What runs scripts asks so before it does (<see cref="SecureBits"/>). EACCES: it would not. execveat(2), AT_EXECVE_CHECK,
    /// Linux 6.14: EINVAL before.
    /// </summary>
    public static SysResult CheckExecution(FileDescriptor? directory, BytePath path, AtFlags flags = AtFlags.None)
    {
        using Borrowed at = new(directory);
        return Interop.Result(Interop.execveat_check(at.Number, path, flags));
    }

    /// <summary>Sets the permission bits of an open file (not of one opened with O_PATH: EBADF). fchmod(2).</summary>
    public static SysResult FChmod(FileDescriptor file, FileModes mode)
    {
        using Borrowed descriptor = new(file);
        return Interop.Result(Interop.Call(Syscall.fchmod, descriptor.Number, (nint)(uint)mode));
    }

    /// <summary>Sets owner and group of an open file; <see cref="uint.MaxValue"/> leaves one as it is. fchown(2).</summary>
    public static SysResult FChown(FileDescriptor file, uint user, uint group)
    {
        using Borrowed descriptor = new(file);
        return Interop.Result(Interop.Call(Syscall.fchown, descriptor.Number, (nint)user, (nint)group));
    }

    /// <summary>Sets owner and group of a file; <see cref="uint.MaxValue"/> leaves one as it is. fchownat(2).</summary>
    public static SysResult FChownAt(
        FileDescriptor? directory,
        BytePath path,
        uint user,
        uint group,
        AtFlags flags = AtFlags.None
    )
    {
        using Borrowed at = new(directory);
        return Interop.Result(Interop.fchownat(at.Number, path, user, group, flags));
    }

    /// <summary>Makes an open directory the working directory of the whole process. fchdir(2).</summary>
    public static SysResult FChdir(DirectoryFd directory)
    {
        using Borrowed descriptor = new(directory);
        return Interop.Result(Interop.Call(Syscall.fchdir, descriptor.Number));
    }

    /// <summary>Sets the permission bits that new files do not get; the result is what was set before. umask(2).</summary>
    public static FileModes Umask(FileModes mask) => (FileModes)(uint)Interop.Call(Syscall.umask, (nint)(uint)mask);
}
