using System.Globalization;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Removes a directory and all that it holds: by descriptors, so that no symbolic link and no mount leads out of it,
/// whatever permissions its directories have, however deep they lie in each other, and however many names one has.
/// </summary>
public static class TreeRemoval
{
    /// <summary>What lies deeper is moved up before it is removed: a descriptor is open for each level.</summary>
    private const int MaximumDepth = 64;

    private const FileModes Mine = FileModes.S_IRUSR | FileModes.S_IWUSR | FileModes.S_IXUSR;
    private const FileModes Permissions = (FileModes)0xFFF; // 07777

    private const ResolveFlags Beneath =
        ResolveFlags.RESOLVE_BENEATH
        | ResolveFlags.RESOLVE_NO_XDEV
        | ResolveFlags.RESOLVE_NO_SYMLINKS
        | ResolveFlags.RESOLVE_NO_MAGICLINKS;

    /// <summary>Removes what a name in a directory is; nothing there is fine.</summary>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name: one component.</param>
    /// <returns>The first refusal; what else could be removed is gone. unlinkat(2), openat2(2).</returns>
    public static SysResult Remove(DirectoryFd parent, BytePath name) => Remove(parent, name, parent, 0);

    private static SysResult Remove(DirectoryFd parent, BytePath name, DirectoryFd top, int depth)
    {
        SysResult removed = Files.UnlinkAt(parent, name);
        if (removed.Errno is not (Errno.EISDIR or Errno.EPERM))
        {
            return removed.Errno == Errno.ENOENT ? default : removed;
        }

        if (depth == MaximumDepth)
        {
            return MoveUp(parent, name, top);
        }

        SysResult emptied = Files.UnlinkAt(parent, name, AtFlags.AT_REMOVEDIR);
        if (emptied.Errno is not (Errno.ENOTEMPTY or Errno.EEXIST))
        {
            return emptied.Errno == Errno.ENOTDIR ? removed : emptied;
        }

        SysResult<DirectoryFd> opened = Open(parent, name);
        if (!opened.Ok)
        {
            return new(opened.Errno);
        }

        using DirectoryFd directory = opened.Value;
        SysResult inner = Empty(directory, top, depth);
        return inner.Ok ? Files.UnlinkAt(parent, name, AtFlags.AT_REMOVEDIR) : inner;
    }

    private static SysResult Empty(DirectoryFd directory, DirectoryFd top, int depth)
    {
        SysResult first = default;
        List<DirectoryEntry> entries = [];
        while (true)
        {
            SysResult<bool> more = DirectoryEntries.ReadSome(directory, entries);
            if (!more.Value)
            {
                return first.Ok ? new(more.Errno) : first;
            }

            foreach (DirectoryEntry entry in entries)
            {
                SysResult removed = Remove(directory, entry.Name, top, depth + 1);
                first = first.Ok ? removed : first;
            }

            entries.Clear();
        }
    }

    // Beside the directory that is being removed, under a name that nobody else gives.
    private static SysResult MoveUp(DirectoryFd parent, BytePath name, DirectoryFd top)
    {
        SysResult<StatX> status = Files.StatX(parent, name, AtFlags.AT_SYMLINK_NOFOLLOW);
        string moved = string.Create(CultureInfo.InvariantCulture, $".tare-removed-{status.Value.Inode}");
        SysResult renamed = Files.RenameAt(parent, name, top, moved, RenameFlags.RENAME_NOREPLACE);
        return renamed.Ok ? Remove(top, moved, top, 0) : renamed;
    }

    // Never on another file system: what is mounted is not removed.
    private static SysResult<DirectoryFd> Open(DirectoryFd parent, BytePath name)
    {
        SysResult<FileFd> opened = Files.OpenAt2(parent, name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, Beneath);
        if (!opened.Ok)
        {
            return new(null!, opened.Errno);
        }

        using FileFd found = opened.Value;
        string path = $"/proc/self/fd/{found.Number}";
        SysResult<DirectoryFd> listed = Files.OpenDirectoryAt(null, path);
        SysResult<StatX> status = Files.StatX(found);
        bool isLocked = status.Ok && (status.Value.Mode & Mine) != Mine;
        if (!isLocked)
        {
            return listed;
        }

        // For the unprivileged owner of a directory that may not be read, searched or written.
        Files.FChmodAt(null, path, (status.Value.Mode & Permissions) | Mine);
        return listed.Ok ? listed : Files.OpenDirectoryAt(null, path);
    }
}
