using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Files
{
    /// <summary>
    /// The flags and the project of a file of any kind, symbolic links and devices included, which need not be opened. Linux 6.17;
    /// before, ENOSYS: <see cref="Quotas.GetProject"/> takes an open file. EOPNOTSUPP: the file system knows none. file_getattr(2).
    /// </summary>
    /// <param name="directory">What the path is relative to; null is the working directory.</param>
    /// <param name="path">The file; empty, with AT_EMPTY_PATH, is what the descriptor is of.</param>
    /// <param name="flags">AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH.</param>
    public static SysResult<InodeAttributes> GetInodeAttributes(
        FileDescriptor? directory,
        BytePath path,
        AtFlags flags = AtFlags.None
    )
    {
        using Borrowed at = new(directory);
        InodeAttributes attributes = default;
        nint raw = Interop.file_attr(Syscall.file_getattr, at.Number, path, ref attributes, flags);
        return new(attributes, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Sets them all, so that what is to stay must have been read before. EPERM: only the owner may, and FS_XFLAG_IMMUTABLE and
    /// FS_XFLAG_APPEND want CAP_LINUX_IMMUTABLE; ENOSYS, EOPNOTSUPP: as for <see cref="GetInodeAttributes"/>; EINVAL: a flag is not this
    /// file system's. file_setattr(2), Linux 6.17.
    /// </summary>
    /// <param name="directory">What the path is relative to; null is the working directory.</param>
    /// <param name="path">The file; empty, with AT_EMPTY_PATH, is what the descriptor is of.</param>
    /// <param name="attributes">What it gets.</param>
    /// <param name="flags">AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH.</param>
    public static SysResult SetInodeAttributes(
        FileDescriptor? directory,
        BytePath path,
        InodeAttributes attributes,
        AtFlags flags = AtFlags.None
    )
    {
        using Borrowed at = new(directory);
        return Interop.Result(Interop.file_attr(Syscall.file_setattr, at.Number, path, ref attributes, flags));
    }
}
