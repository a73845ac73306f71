using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// A file as a program left it, made again beside the place where it belongs: under a name that is removed by whoever
/// comes next, or without one. Owns the descriptor; the name is its maker's to move or remove.
/// </summary>
internal sealed class StagedFile : IDisposable
{
    private const int ChunkSize = 256 << 10;
    private const FileModes Private = FileModes.S_IRUSR | FileModes.S_IWUSR;
    private readonly FileFd file;

    private StagedFile(FileFd file, bool hasName, ulong inode)
    {
        this.file = file;
        HasName = hasName;
        Inode = inode;
    }

    /// <summary>It has its name; else it has none yet (O_TMPFILE).</summary>
    public bool HasName { get; }

    /// <summary>The inode's number, which it keeps wherever it is moved.</summary>
    public ulong Inode { get; }

    /// <summary>Makes it, with owner, permissions, times and extended attributes, and its content on the disk.</summary>
    /// <param name="source">What is made again, opened with O_PATH.</param>
    /// <param name="content">The same, opened to be read; of regular files and directories only.</param>
    /// <param name="facts">What it is.</param>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name.</param>
    /// <param name="path">What it is called in errors.</param>
    /// <exception cref="KernelException">It cannot be made.</exception>
    public static StagedFile Make(
        FileFd source,
        FileFd? content,
        FileFacts facts,
        DirectoryFd parent,
        BytePath name,
        string path
    ) =>
        facts.Type switch
        {
            FileModes.S_IFREG => MakeRegular(content!, facts, parent, name, path),
            FileModes.S_IFDIR => MakeDirectory(content!, parent, name, path),
            FileModes.S_IFLNK => Named(
                Files.SymlinkAt(
                    Files.ReadLinkAt(source, BytePath.Empty).OrThrow("read the symlink", path),
                    parent,
                    name
                ),
                parent,
                name,
                path,
                facts
            ),
            _ => Named(Files.MknodAt(parent, name, facts.Type | Private, facts.Device), parent, name, path, facts),
        };

    /// <summary>Gives a nameless one a name; EEXIST where there is something.</summary>
    public SysResult Link(DirectoryFd parent, BytePath name) =>
        Files.LinkAt(null, $"/proc/self/fd/{file.Number}", parent, name, AtFlags.AT_SYMLINK_FOLLOW);

    /// <inheritdoc />
    public void Dispose() => file.Dispose();

    // Owner, permissions and times come when all that lies in it is there.
    private static StagedFile MakeDirectory(FileFd content, DirectoryFd parent, BytePath name, string path)
    {
        SysResult made = Files.MkdirAt(parent, name, Private | FileModes.S_IXUSR);
        StagedFile directory = Named(made, parent, name, path, null);
        using FileFd opened = PartLayers.Read(directory.file).OrThrow("open", path);
        Attributes.Set(opened, Attributes.Of(content), path);
        return directory;
    }

    private static StagedFile MakeRegular(
        FileFd content,
        FileFacts facts,
        DirectoryFd parent,
        BytePath name,
        string path
    )
    {
        SysResult<FileFd> opened = Files.OpenAt(parent, ".", OpenFlags.O_RDWR | OpenFlags.O_TMPFILE, Private);
        bool hasName = opened.Errno is Errno.EOPNOTSUPP or Errno.EISDIR or Errno.EINVAL;
        if (hasName)
        {
            opened = Files.OpenAt(
                parent,
                name,
                OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW,
                Private
            );
        }

        FileFd copy = opened.OrThrow("write", path);
        try
        {
            Copy(content, copy, facts.Size, path);
            Files.FChown(copy, facts.Uid, facts.Gid).OrThrow("set the owner of", path);
            Attributes.Set(copy, Attributes.Of(content), path);
            Files.FChmod(copy, facts.Mode & FileFacts.Permissions).OrThrow("set the permissions of", path);
            Files
                .SetTimes(copy, BytePath.Empty, facts.Modified.ToStatX(), facts.Modified.ToStatX())
                .OrThrow("set the times of", path);
            Files.FSync(copy).OrThrow("fsync", path);
            return new StagedFile(copy, hasName, Files.StatX(copy).OrThrow("look at", path).Inode);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    // What was made is opened and looked at before anything is set on it: in a directory of somebody else's, names change.
    private static StagedFile Named(SysResult made, DirectoryFd parent, BytePath name, string path, FileFacts? facts)
    {
        made.OrThrow("write", path);
        FileFd own = PartLayers.Find(parent, name).OrThrow("open", path);
        try
        {
            StatX status = Files.StatX(own).OrThrow("look at", path);
            if (status.UserId != Credentials.GetEffectiveUid())
            {
                throw new KernelException(Errno.EBUSY, "write", path, "somebody else renames files beside it");
            }

            if (facts is not null)
            {
                Files
                    .FChownAt(own, BytePath.Empty, facts.Uid, facts.Gid, AtFlags.AT_EMPTY_PATH)
                    .OrThrow("set the owner of", path);
                if (facts.Type != FileModes.S_IFLNK)
                {
                    Files
                        .FChmodAt(null, $"/proc/self/fd/{own.Number}", facts.Mode & FileFacts.Permissions)
                        .OrThrow("set the permissions of", path);
                }

                Files
                    .SetTimes(
                        parent,
                        name,
                        facts.Modified.ToStatX(),
                        facts.Modified.ToStatX(),
                        AtFlags.AT_SYMLINK_NOFOLLOW
                    )
                    .OrThrow("set the times of", path);
            }

            return new StagedFile(own, hasName: true, status.Inode);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    // Without the holes.
    private static void Copy(FileFd source, FileFd target, long size, string path)
    {
        Files.FTruncate(target, size).OrThrow("write", path);
        byte[] chunk = new byte[(int)Math.Clamp(size, 1, ChunkSize)];
        for (long offset = 0; offset < size; )
        {
            SysResult<long> data = Files.SeekData(source, offset);
            if (data.Errno == Errno.ENXIO)
            {
                return;
            }

            // A file system that knows of no holes says EINVAL; then everything is content.
            offset = data.Ok ? data.Value : offset;
            Span<byte> part = chunk.AsSpan(0, (int)Math.Clamp(size - offset, 0, chunk.Length));
            int length = Files.ReadAt(source, part, offset).OrThrow("read what becomes of", path);
            if (length == 0)
            {
                return;
            }

            Files.WriteAllAt(target, part[..length], offset).OrThrow("write", path);
            offset += length;
        }
    }
}
