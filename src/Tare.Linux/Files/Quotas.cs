using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What somebody, or a project, uses of a file system, and may. Sizes in bytes; 0 is no limit.</summary>
/// <param name="Bytes">Used.</param>
/// <param name="MaximumBytes">The hard limit, in whole KiB.</param>
/// <param name="Files">How many files there are.</param>
/// <param name="MaximumFiles">The hard limit.</param>
public readonly record struct QuotaUse(long Bytes, long MaximumBytes, long Files, long MaximumFiles);

/// <summary>
/// Quotas of file systems: of users, groups, and projects, which are what directories are marked with. quotactl_fd(2), Linux 5.14.
/// ESRCH: quotas of that kind are not on (mount options usrquota, prjquota). ENOSYS: the kernel has no quotas.
/// </summary>
public static class Quotas
{
    private const uint Get = 0x800007; // Q_GETQUOTA
    private const uint Set = 0x800008; // Q_SETQUOTA
    private const uint Limits = 1 | 4; // QIF_LIMITS
    private const uint InheritsProject = 0x200; // FS_XFLAG_PROJINHERIT
    private const int Block = 1024; // QIF_DQBLKSIZE

    /// <summary>What an id uses of a file system. EPERM: another's, without CAP_SYS_ADMIN.</summary>
    /// <param name="file">Anything open on the file system.</param>
    /// <param name="kind">Whose.</param>
    /// <param name="id">The user's, group's or project's number.</param>
    public static SysResult<QuotaUse> Read(FileDescriptor file, QuotaKind kind, uint id)
    {
        using Borrowed descriptor = new(file);
        QuotaValues values = default;
        nint raw = Interop.quotactl_fd(descriptor.Number, Get, kind, id, ref values);
        return new(
            new((long)values.Bytes, (long)values.HardBlocks * Block, (long)values.Files, (long)values.HardFiles),
            Interop.ErrnoOf(raw)
        );
    }

    /// <summary>Limits what an id uses; who has more keeps it, and gets no more (EDQUOT); processes with
    /// CAP_SYS_RESOURCE get it nevertheless. EPERM: CAP_SYS_ADMIN.</summary>
    /// <param name="file">Anything open on the file system.</param>
    /// <param name="kind">Whose.</param>
    /// <param name="id">The user's, group's or project's number.</param>
    /// <param name="bytes">The most bytes, rounded up to KiB; 0 is no limit.</param>
    /// <param name="files">The most files; 0 is no limit.</param>
    public static SysResult Limit(FileDescriptor file, QuotaKind kind, uint id, long bytes, long files = 0)
    {
        using Borrowed descriptor = new(file);
        ulong blocks = (ulong)((bytes / Block) + (bytes % Block == 0 ? 0 : 1));
        QuotaValues values = new()
        {
            HardBlocks = blocks,
            SoftBlocks = blocks,
            HardFiles = (ulong)files,
            SoftFiles = (ulong)files,
            Valid = Limits,
        };
        return Interop.Result(Interop.quotactl_fd(descriptor.Number, Set, kind, id, ref values));
    }

    /// <summary>The project that a file belongs to; 0 is none. ENOTTY, EOPNOTSUPP: the file system knows none. FS_IOC_FSGETXATTR.</summary>
    public static SysResult<uint> GetProject(FileDescriptor file)
    {
        using Borrowed descriptor = new(file);
        FileSystemAttributes attributes = default;
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.FS_IOC_FSGETXATTR, ref attributes);
        return new(attributes.Project, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Gives a file to a project; of a directory what is made in it from now on belongs to that too. EOPNOTSUPP: the file system has
    /// no projects. FS_IOC_FSSETXATTR.
    /// </summary>
    /// <param name="file">The file, not opened with O_PATH.</param>
    /// <param name="project">The project's number.</param>
    public static SysResult SetProject(FileDescriptor file, uint project)
    {
        using Borrowed descriptor = new(file);
        FileSystemAttributes attributes = default;
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.FS_IOC_FSGETXATTR, ref attributes);
        if (raw < 0)
        {
            return Interop.Result(raw);
        }

        SysResult<StatX> status = Files.StatX(file, StatXMask.STATX_TYPE);
        bool directory = status.Ok && (status.Value.Mode & FileModes.S_IFMT) == FileModes.S_IFDIR;
        attributes.Project = project;
        attributes.Flags = directory ? attributes.Flags | InheritsProject : attributes.Flags;
        return Interop.Result(Interop.ioctl(descriptor.Number, IoctlRequest.FS_IOC_FSSETXATTR, ref attributes));
    }
}
