using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Observation;

/// <summary>
/// Finds what is mounted at a path of a container, which the kernel walks inside the container's root, whatever symlinks are
/// there. Nothing is opened but a reference. Owns a descriptor of the root; the process's directory is the caller's.
/// </summary>
internal sealed class MountLookup : IDisposable
{
    private readonly DirectoryFd? root;
    private readonly Dictionary<int, MountEntry> entries = [];
    private readonly DirectoryFd process;

    /// <summary>Preconditions: the entries are those that the process sees.</summary>
    public MountLookup(DirectoryFd process, IReadOnlyList<MountEntry> mounts)
    {
        this.process = process;
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(process, "root", OpenFlags.O_PATH);
        root = opened.Ok ? opened.Value : null;
        foreach (MountEntry entry in mounts)
        {
            entries[entry.Id] = entry;
        }
    }

    /// <summary>The mount that a path lies on, and whether it is the path's own.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follow">A symlink at its end is what it leads to.</param>
    /// <returns>ENOENT, ENOTDIR: there is no such path. EACCES: this user cannot look.</returns>
    public SysResult<(MountEntry Mount, bool IsRoot)> Find(ContainerPath path, bool follow = true)
    {
        if (root is null)
        {
            return new(default, Errno.EACCES);
        }

        SysResult<FileFd> opened = Files.OpenAt2(
            new RootedPath(root, path.Relative),
            follow ? OpenFlags.O_PATH : OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW
        );
        if (!opened.Ok)
        {
            return new(default, opened.Errno);
        }

        using FileFd file = opened.Value;
        SysResult<StatX> status = Files.StatX(file, StatXMask.STATX_MNT_ID);
        if (!status.Ok)
        {
            return new(default, status.Errno);
        }

        bool known = (status.Value.Mask & StatXMask.STATX_MNT_ID) != 0;
        return known && entries.TryGetValue((int)status.Value.MountId, out MountEntry? entry)
            ? new((entry, (status.Value.Attributes & StatXAttributes.STATX_ATTR_MOUNT_ROOT) != 0), Errno.None)
            : new(default, Errno.EACCES);
    }

    /// <summary>
    /// What the kernel tells of the mount that a path lies on, more than mountinfo does. ENOSYS, ENOTTY: before Linux 6.12. Other
    /// errors as above.
    /// </summary>
    public SysResult<MountStatus> Status(ContainerPath path)
    {
        SysResult<NamespaceFd> opened = Namespaces.OpenPath(process, "ns/mnt");
        if (!opened.Ok || root is null)
        {
            return new(null!, opened.Ok ? Errno.EACCES : opened.Errno);
        }

        using NamespaceFd space = opened.Value;
        SysResult<MountNamespaceInfo> info = Namespaces.MountsOf(space);
        SysResult<FileFd> found = Files.OpenAt2(new RootedPath(root, path.Relative), OpenFlags.O_PATH);
        if (!info.Ok || !found.Ok)
        {
            return new(null!, info.Ok ? found.Errno : info.Errno);
        }

        using FileFd file = found.Value;
        SysResult<StatX> status = Files.StatX(file, StatXMask.STATX_MNT_ID_UNIQUE);
        return status.Ok ? Mounts.StatMount(status.Value.MountId, info.Value.NamespaceId) : new(null!, status.Errno);
    }

    /// <inheritdoc />
    public void Dispose() => root?.Dispose();
}
