using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Mounts
{
    /// <summary>
    /// Picks a mount out of the tree, or with OPEN_TREE_CLONE copies it to a place of its own, which disappears with the
    /// descriptor unless it is moved somewhere. open_tree(2), Linux 5.2.
    /// </summary>
    public static SysResult<MountFd> OpenTree(FileDescriptor? directory, BytePath path, OpenTreeFlags flags)
    {
        using Borrowed at = new(directory);
        nint raw = Interop.open_tree(at.Number, path, flags | OpenTreeFlags.OPEN_TREE_CLOEXEC);
        return raw < 0 ? Interop.Failed<MountFd>(raw) : new(new MountFd((int)raw), Errno.None);
    }

    /// <summary>The same for what a descriptor stands for, which may be one opened with O_PATH.</summary>
    public static SysResult<MountFd> OpenTree(FileDescriptor at, OpenTreeFlags flags) =>
        OpenTree(at, BytePath.Empty, flags | OpenTreeFlags.AT_EMPTY_PATH);

    /// <summary>
    /// A new mount namespace whose root is a copy of a mount, with AT_RECURSIVE of the whole tree; nobody is in it. open_tree(2)
    /// with OPEN_TREE_NAMESPACE, Linux 7.0: EINVAL before, and with OPEN_TREE_CLONE. EPERM: no CAP_SYS_ADMIN.
    /// </summary>
    public static SysResult<NamespaceFd> OpenTreeNamespace(
        FileDescriptor? directory,
        BytePath path,
        OpenTreeFlags flags = OpenTreeFlags.None
    )
    {
        using Borrowed at = new(directory);
        nint raw = Interop.open_tree(
            at.Number,
            path,
            flags | OpenTreeFlags.OPEN_TREE_NAMESPACE | OpenTreeFlags.OPEN_TREE_CLOEXEC
        );
        return raw < 0 ? Interop.Failed<NamespaceFd>(raw) : new(new NamespaceFd((int)raw), Errno.None);
    }

    /// <summary>
    /// Attaches a mount on what a descriptor stands for; no path is walked, so nobody can redirect it. move_mount(2),
    /// Linux 5.2. EINVAL: the mount is attached under a shared one. ENOTDIR: one is a directory, the other is none.
    /// </summary>
    public static SysResult MoveMount(MountFd mount, FileDescriptor target) =>
        MoveMount(
            mount,
            BytePath.Empty,
            target,
            BytePath.Empty,
            MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags.MOVE_MOUNT_T_EMPTY_PATH
        );

    /// <summary>Attaches a mount inside a root, never outside: openat2(2), then move_mount(2).</summary>
    public static SysResult MoveMount(MountFd mount, RootedPath target)
    {
        SysResult<FileFd> opened = Files.OpenAt2(target, OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return new(opened.Errno);
        }

        using FileFd place = opened.Value;
        return MoveMount(mount, place);
    }

    /// <summary>Attaches or moves a mount. move_mount(2), Linux 5.2.</summary>
    public static SysResult MoveMount(
        FileDescriptor? fromDirectory,
        BytePath fromPath,
        FileDescriptor? toDirectory,
        BytePath toPath,
        MoveMountFlags flags
    )
    {
        using Borrowed from = new(fromDirectory);
        using Borrowed to = new(toDirectory);
        return Interop.Result(Interop.move_mount(from.Number, fromPath, to.Number, toPath, flags));
    }

    /// <summary>Changes a mount's attributes or propagation; with AT_RECURSIVE the whole tree's. mount_setattr(2), Linux 5.12.</summary>
    public static SysResult MountSetattr(
        FileDescriptor? directory,
        BytePath path,
        AtFlags flags,
        in MountAttribute attribute
    )
    {
        using Borrowed at = new(directory);
        return Interop.Result(Interop.mount_setattr(at.Number, path, flags, attribute));
    }

    /// <summary>Changes the attributes of the mount that a descriptor stands for.</summary>
    public static SysResult MountSetattr(MountFd mount, in MountAttribute attribute, bool recursive = false) =>
        MountSetattr(
            mount,
            BytePath.Empty,
            AtFlags.AT_EMPTY_PATH | (recursive ? AtFlags.AT_RECURSIVE : AtFlags.None),
            attribute
        );

    /// <summary>
    /// Shows the files of a detached mount with the owners that a user namespace maps them to. mount_setattr(2) with
    /// MOUNT_ATTR_IDMAP, Linux 5.12. EINVAL: the file system cannot, or the mount is attached.
    /// </summary>
    public static SysResult IdMap(MountFd mount, NamespaceFd userNamespace, bool recursive = false)
    {
        using Borrowed map = new(userNamespace);
        return MountSetattr(
            mount,
            new MountAttribute { Set = MountAttributeFlags.MOUNT_ATTR_IDMAP, UserNamespace = (ulong)map.Number },
            recursive
        );
    }
}
