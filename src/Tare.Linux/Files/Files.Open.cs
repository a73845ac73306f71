using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Files and directories by descriptor. Every descriptor that is handed out is close-on-exec and belongs to the caller; an
/// errno is a value. A directory argument of <c>null</c> is the working directory.
/// </summary>
public static partial class Files
{
    /// <summary>Opens a file. openat(2). For paths that are ours; what others can influence goes through <see cref="RootedPath"/>.</summary>
    public static SysResult<FileFd> OpenAt(
        FileDescriptor? directory,
        BytePath path,
        OpenFlags flags,
        FileModes mode = FileModes.None
    )
    {
        using Borrowed at = new(directory);
        nint raw = Interop.openat(at.Number, path, flags, mode);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>Opens a directory; ENOTDIR where the path is none. openat(2) with O_DIRECTORY.</summary>
    public static SysResult<DirectoryFd> OpenDirectoryAt(
        FileDescriptor? directory,
        BytePath path,
        OpenFlags flags = OpenFlags.O_RDONLY
    )
    {
        using Borrowed at = new(directory);
        nint raw = Interop.openat(at.Number, path, flags | OpenFlags.O_DIRECTORY, FileModes.None);
        return raw < 0 ? Interop.Failed<DirectoryFd>(raw) : new(new DirectoryFd((int)raw), Errno.None);
    }

    /// <summary>
    /// Opens a file with rules for the walk. openat2(2), Linux 5.6: ENOSYS before, and where a seccomp filter hides it.
    /// EAGAIN (a rename went on beside the walk) is tried again.
    /// </summary>
    public static SysResult<FileFd> OpenAt2(
        FileDescriptor? directory,
        BytePath path,
        OpenFlags flags,
        ResolveFlags resolve,
        FileModes mode = FileModes.None
    )
    {
        nint raw = Resolve(directory, path, flags, resolve, mode);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>Opens a file inside a root, never outside. openat2(2) with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS.</summary>
    public static SysResult<FileFd> OpenAt2(
        RootedPath path,
        OpenFlags flags,
        FileModes mode = FileModes.None,
        ResolveFlags resolve = ResolveFlags.None
    )
    {
        nint raw = Resolve(path.Root, path.Path, flags, resolve | InRoot, mode);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>Opens a directory inside a root, never outside. openat2(2) with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS.</summary>
    public static SysResult<DirectoryFd> OpenDirectoryAt2(
        RootedPath path,
        OpenFlags flags = OpenFlags.O_RDONLY,
        ResolveFlags resolve = ResolveFlags.None
    )
    {
        nint raw = Resolve(path.Root, path.Path, flags | OpenFlags.O_DIRECTORY, resolve | InRoot, FileModes.None);
        return raw < 0 ? Interop.Failed<DirectoryFd>(raw) : new(new DirectoryFd((int)raw), Errno.None);
    }

    /// <summary>
    /// Opens a regular file inside a root, never outside, and nothing else: a FIFO is not waited for and no device wakes up.
    /// openat2(2) with OPENAT2_REGULAR, RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS. EFTYPE: it is something else. EINVAL: before
    /// Linux 7.2.
    /// </summary>
    public static SysResult<FileFd> OpenRegularAt2(
        RootedPath path,
        OpenFlags flags,
        FileModes mode = FileModes.None,
        ResolveFlags resolve = ResolveFlags.None
    )
    {
        nint raw = Resolve(path.Root, path.Path, flags, resolve | InRoot, mode, RegularOnly);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    private const ulong RegularOnly = 1UL << 32; // OPENAT2_REGULAR
    private const ResolveFlags InRoot = ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS;

    /// <summary>How often a walk beside which somebody renames is tried: enough for accidents, an end for attackers.</summary>
    private const int ResolveAttempts = 128;

    private static nint Resolve(
        FileDescriptor? directory,
        BytePath path,
        OpenFlags flags,
        ResolveFlags resolve,
        FileModes mode,
        ulong more = 0
    )
    {
        using Borrowed at = new(directory);
        nint raw = 0;
        for (int attempt = 0; attempt < ResolveAttempts; attempt++)
        {
            raw = Interop.openat2(at.Number, path, flags, mode, resolve, more);
            if (Interop.ErrnoOf(raw) != Errno.EAGAIN)
            {
                break;
            }
        }

        return raw;
    }
}
