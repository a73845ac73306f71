using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.CopyUp;

/// <summary>
/// Copies what a directory holds into another, which must be empty and nobody else's yet: files without their holes,
/// directories, symlinks, devices, FIFOs and sockets, with owners, modes, times and extended attributes. Everything is
/// opened by its name in an opened directory and looked at before it is read, so no symlink is ever followed.
/// </summary>
/// <remarks>
/// What is mounted inside of the source is not entered. Hard links become files of their own. Devices are left out where
/// the source's mount, or the kernel, allows none; where the source's mount lets nothing gain privileges, neither does the
/// copy. What is removed meanwhile is passed over.
/// </remarks>
internal sealed class TreeCopy
{
    /// <summary>How deep directories may lie in each other; two descriptors are open for each.</summary>
    public const int MaximumDepth = 256;

    private const int ChunkSize = 64 << 10;
    private const FileModes Permissions = (FileModes)0xFFF; // 07777
    private const FileModes Privileges = FileModes.S_ISUID | FileModes.S_ISGID;
    private const ulong NoSuid = 2; // ST_NOSUID, statfs(2)
    private const ulong NoDev = 4; // ST_NODEV

    private readonly string path;
    private readonly long limit;
    private readonly byte[] chunk = new byte[ChunkSize];
    private readonly bool givesPrivileges;
    private readonly bool givesDevices;
    private long copied;

    private TreeCopy(string path, long limit, ulong flags)
    {
        this.path = path;
        this.limit = limit;
        givesPrivileges = (flags & NoSuid) == 0;
        givesDevices = (flags & NoDev) == 0;
    }

    /// <summary>Copies.</summary>
    /// <param name="from">The source; opened with O_PATH or not.</param>
    /// <param name="to">The target; likewise.</param>
    /// <param name="path">What the target is called in errors: its place in the container.</param>
    /// <param name="limit">How many bytes of content at most.</param>
    /// <param name="root">What the target itself takes over from the source.</param>
    /// <exception cref="KernelException">Something cannot be read or written; ENOSPC where the target is full.</exception>
    public static void Run(FileDescriptor from, FileDescriptor to, string path, long limit, CopiedRoot root)
    {
        StatFs status = Files.FStatFs(from).OrThrow("look at what lies beneath", path);
        TreeCopy copy = new(path, limit, status.Flags);
        using DirectoryFd source = Files.OpenDirectoryAt(from, ".").OrThrow("open what lies beneath", path);
        using DirectoryFd target = Files.OpenDirectoryAt(to, ".").OrThrow("open the tmpfs for", path);
        StatX top = Files.StatX(source).OrThrow("look at what lies beneath", path);
        copy.CopyEntries(source, target, path, 0);
        copy.Finish(source, target, top, path, root);
    }

    private void CopyEntries(DirectoryFd source, DirectoryFd target, string at, int depth)
    {
        if (depth == MaximumDepth)
        {
            throw new KernelException(
                Errno.ELOOP,
                "copy",
                at,
                $"directories lie more than {MaximumDepth} deep in each other (leave tmpcopyup out)"
            );
        }

        foreach (DirectoryEntry entry in DirectoryEntries.Read(source).OrThrow("read the directory", at))
        {
            CopyEntry(source, target, entry.Name, $"{at}/{entry.Name}", depth);
        }
    }

    private void CopyEntry(DirectoryFd source, DirectoryFd target, BytePath name, string at, int depth)
    {
        SysResult<FileFd> opened = Files.OpenAt(source, name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW);
        if (opened.Errno == Errno.ENOENT)
        {
            return;
        }

        using FileFd found = opened.OrThrow("open", at);
        StatX status = Files.StatX(found).OrThrow("look at", at);
        switch (status.Mode & FileModes.S_IFMT)
        {
            case FileModes.S_IFDIR:
                CopyDirectory(found, target, name, status, at, depth);
                break;
            case FileModes.S_IFREG:
                CopyFile(found, target, name, status, at);
                break;
            case FileModes.S_IFLNK:
                BytePath text = Files.ReadLinkAt(found, BytePath.Empty).OrThrow("read the symlink", at);
                Written(Files.SymlinkAt(text, target, name), at);
                FinishNode(target, name, status, at);
                break;
            default:
                CopyNode(target, name, status, at);
                break;
        }
    }

    private void CopyDirectory(FileFd found, DirectoryFd target, BytePath name, StatX status, string at, int depth)
    {
        Written(Files.MkdirAt(target, name, FileModes.S_IRUSR | FileModes.S_IWUSR | FileModes.S_IXUSR), at);
        using DirectoryFd copy = Files
            .OpenDirectoryAt(target, name, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW)
            .OrThrow("open the copy of", at);
        using DirectoryFd source = Files.OpenDirectoryAt(found, ".").OrThrow("open", at);
        if ((status.Attributes & StatXAttributes.STATX_ATTR_MOUNT_ROOT) == 0)
        {
            CopyEntries(source, copy, at, depth + 1);
        }

        Finish(source, copy, status, at, CopiedRoot.All);
    }

    private void CopyFile(FileFd found, DirectoryFd target, BytePath name, StatX status, string at)
    {
        // By the descriptor that was looked at: a name can have become another file's.
        using FileFd source = Files
            .OpenAt(null, $"/proc/self/fd/{found.Number}", OpenFlags.O_RDONLY | OpenFlags.O_NOCTTY)
            .OrThrow("open", at);
        SysResult<FileFd> made = Files.OpenAt(
            target,
            name,
            OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW,
            FileModes.S_IRUSR | FileModes.S_IWUSR
        );
        Written(new SysResult(made.Errno), at);
        using FileFd copy = made.Value;
        CopyContent(source, copy, (long)status.Size, at);
        Finish(source, copy, status, at, CopiedRoot.All);
    }

    // No further than the size that was seen: what grows meanwhile would never end.
    private void CopyContent(FileFd source, FileFd copy, long size, string at)
    {
        Written(Files.FTruncate(copy, size), at);
        long offset = 0;
        while (offset < size)
        {
            SysResult<long> data = Files.SeekData(source, offset);
            if (data.Errno == Errno.ENXIO)
            {
                return;
            }

            // A file system that knows of no holes says EINVAL; then everything is content.
            offset = data.Ok ? data.Value : offset;
            Span<byte> part = chunk.AsSpan(0, (int)Math.Clamp(size - offset, 0, ChunkSize));
            int length = Files.ReadAt(source, part, offset).OrThrow("read", at);
            if (length == 0)
            {
                return;
            }

            copied += length;
            if (copied > limit)
            {
                throw new KernelException(
                    Errno.ENOSPC,
                    "copy",
                    at,
                    $"what lies beneath '{path}' is more than the container's memory, {limit} bytes (raise the limit, or leave tmpcopyup out)"
                );
            }

            Written(Files.WriteAllAt(copy, part[..length], offset), at);
            offset += length;
        }
    }

    private void CopyNode(DirectoryFd target, BytePath name, StatX status, string at)
    {
        FileModes type = status.Mode & FileModes.S_IFMT;
        bool isDevice = type is FileModes.S_IFCHR or FileModes.S_IFBLK;
        if (isDevice && !givesDevices)
        {
            return;
        }

        SysResult made = Files.MknodAt(
            target,
            name,
            type | FileModes.S_IRUSR | FileModes.S_IWUSR,
            isDevice ? new DeviceNumber(status.SpecialMajor, status.SpecialMinor) : default
        );
        if (isDevice && made.Errno == Errno.EPERM)
        {
            return;
        }

        Written(made, at);
        FinishNode(target, name, status, at);
    }

    // The owner first: a change of owner takes privileges away from a file.
    private void Finish(FileDescriptor source, FileDescriptor copy, StatX status, string at, CopiedRoot what)
    {
        Owned(
            Files.FChown(
                copy,
                what.HasFlag(CopiedRoot.User) ? status.UserId : uint.MaxValue,
                what.HasFlag(CopiedRoot.Group) ? status.GroupId : uint.MaxValue
            ),
            at
        );
        CopyAttributes(source, copy, at);
        if (what.HasFlag(CopiedRoot.Mode))
        {
            Written(Files.FChmod(copy, ModeOf(status)), at);
        }

        Written(Files.SetTimes(copy, BytePath.Empty, status.AccessTime, status.ModificationTime), at);
    }

    private void FinishNode(DirectoryFd target, BytePath name, StatX status, string at)
    {
        Owned(Files.FChownAt(target, name, status.UserId, status.GroupId, AtFlags.AT_SYMLINK_NOFOLLOW), at);
        if ((status.Mode & FileModes.S_IFMT) != FileModes.S_IFLNK)
        {
            Written(Files.FChmodAt(target, name, ModeOf(status)), at);
        }

        Written(
            Files.SetTimes(target, name, status.AccessTime, status.ModificationTime, AtFlags.AT_SYMLINK_NOFOLLOW),
            at
        );
    }

    private void CopyAttributes(FileDescriptor source, FileDescriptor copy, string at)
    {
        SysResult<List<BytePath>> names = Files.ListAttributes(source);
        foreach (BytePath name in names.Ok ? names.Value : [])
        {
            if (!givesPrivileges && name == "security.capability")
            {
                continue;
            }

            SysResult<byte[]> value = Files.GetAttribute(source, name);
            SysResult set = value.Ok ? Files.SetAttribute(copy, name, value.Value) : default;

            // Which attributes a tmpfs takes depends on the kernel, and on whose it is.
            if (!set.Ok && set.Errno is not (Errno.EOPNOTSUPP or Errno.EPERM or Errno.EACCES or Errno.EINVAL))
            {
                Written(set, at);
            }
        }
    }

    private FileModes ModeOf(StatX status) => status.Mode & (givesPrivileges ? Permissions : Permissions & ~Privileges);

    private void Written(SysResult result, string at) =>
        result.OrThrow(
            "copy",
            at,
            result.Errno == Errno.ENOSPC ? $"the tmpfs on '{path}' is full (raise its size)" : null
        );

    private static void Owned(SysResult result, string at) =>
        result.OrThrow(
            "copy",
            at,
            result.Errno is Errno.EINVAL or Errno.EOVERFLOW
                ? "its owner is not mapped in the user namespace (map it, or leave tmpcopyup out)"
                : null
        );
}
