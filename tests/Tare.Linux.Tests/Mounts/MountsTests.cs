using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public sealed class MountsTests : IDisposable
{
    private const FileModes Everything = FileModes.S_IRUSR | FileModes.S_IWUSR | FileModes.S_IXUSR;
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_file_system_is_made_and_used_without_being_attached()
    {
        Require.Root();
        using MountFd mount = NewTmpfs();
        Files.MkdirAt(mount, "d", Everything).OrThrow("mkdirat");
        Assert.Equal(FileSystemMagic.TMPFS_MAGIC, Files.FStatFs(mount).OrThrow("fstatfs").Type);
        StatX root = Files.StatX(mount).OrThrow("statx");
        Assert.Equal(FileModes.S_IFDIR | FileModes.S_IRUSR | FileModes.S_IXUSR, root.Mode);
    }

    [Fact]
    public void The_kernel_says_what_was_wrong_with_an_option()
    {
        Require.Root();
        using FileSystemContextFd context = Mounts.FsOpen("tmpfs").OrThrow("fsopen");
        Assert.Equal(Errno.EINVAL, Mounts.FsConfigString(context, "no-such-option", "1").Errno);
        Assert.Contains("no-such-option", Mounts.FsMessage(context).OrThrow("read"));
        Assert.Equal(Errno.ENODATA, Mounts.FsMessage(context).Errno);
        Assert.Equal(Errno.ENODEV, Mounts.FsOpen("nosuchfs").Errno);
    }

    [Fact]
    public void An_attribute_holds_on_a_mount_that_is_not_attached()
    {
        Require.Root();
        using MountFd mount = NewTmpfs();
        Mounts
            .MountSetattr(mount, new MountAttribute { Set = MountAttributeFlags.MOUNT_ATTR_RDONLY })
            .OrThrow("mount_setattr");
        Assert.Equal(Errno.EROFS, Files.MkdirAt(mount, "d", Everything).Errno);
        Mounts
            .MountSetattr(mount, new MountAttribute { Clear = MountAttributeFlags.MOUNT_ATTR_RDONLY }, recursive: true)
            .OrThrow("mount_setattr");
        Files.MkdirAt(mount, "d", Everything).OrThrow("mkdirat");
    }

    [Fact]
    public void A_mount_is_attached_inside_a_root_however_the_path_climbs()
    {
        Require.Root();
        Directory.CreateDirectory(_temporary.At("root", "target"));
        File.CreateSymbolicLink(_temporary.At("root", "link"), "../../../../target");
        InNewMountNamespace(() =>
        {
            using DirectoryFd root = Files.OpenDirectoryAt(null, _temporary.At("root")).OrThrow("openat");
            using MountFd mount = NewTmpfs();
            Mounts.MoveMount(mount, new RootedPath(root, "link")).OrThrow("move_mount");
            MountEntry entry = Entry(_temporary.At("root", "target"))!;
            Assert.Equal("tmpfs", entry.Type);
            Assert.True(entry.HasOption("nosuid"));
            Mounts.Umount2(_temporary.At("root", "target"), UnmountFlags.MNT_DETACH).OrThrow("umount2");
            Assert.Null(Entry(_temporary.At("root", "target")));
        });
    }

    [Fact]
    public void A_clone_of_a_tree_shows_the_same_files_and_takes_attributes_of_its_own()
    {
        Require.Root();
        _temporary.Write("f", "content");
        Directory.CreateDirectory(_temporary.At("target"));
        using DirectoryFd source = Files.OpenDirectoryAt(null, _temporary.Path).OrThrow("openat");
        using MountFd clone = Mounts.OpenTree(source, OpenTreeFlags.OPEN_TREE_CLONE).OrThrow("open_tree");
        Mounts
            .MountSetattr(
                clone,
                new MountAttribute
                {
                    Set = MountAttributeFlags.MOUNT_ATTR_RDONLY | MountAttributeFlags.MOUNT_ATTR_NOEXEC,
                }
            )
            .OrThrow("mount_setattr");
        Assert.Equal("content"u8.ToArray(), Files.ReadAllAt(clone, "f").OrThrow("read"));
        Assert.Equal(Errno.EROFS, Files.MkdirAt(clone, "d", Everything).Errno);
        Files.MkdirAt(source, "d", Everything).OrThrow("mkdirat");
    }

    [Fact]
    public void A_user_namespaces_map_changes_whose_files_a_mount_shows()
    {
        Require.Root();
        Require.Program("unshare");
        using Orphan orphan = Orphan.Start("exec unshare --user sh -c \"kill -STOP \\$\\$; sleep 1000\"");
        PidFds.Wait(orphan.Process, WaitOptions.WSTOPPED).OrThrow("waitid");
        foreach (string map in (string[])["uid_map", "gid_map"])
        {
            Files.WriteValueAt(null, $"/proc/{orphan.ProcessId}/{map}", "0 1000 10"u8).OrThrow("write", map);
        }

        using NamespaceFd user = Namespaces
            .Open(orphan.Process, orphan.ProcessId, CloneFlags.CLONE_NEWUSER)
            .OrThrow("open");
        using MountFd mount = NewTmpfs();
        Mounts.IdMap(mount, user).OrThrow("mount_setattr");
        StatX root = Files.StatX(mount).OrThrow("statx");
        Assert.Equal((1000u, 1000u), (root.UserId, root.GroupId));
    }

    [Fact]
    public void The_old_calls_mount_bind_remount_and_unmount()
    {
        Require.Root();
        Directory.CreateDirectory(_temporary.At("a"));
        Directory.CreateDirectory(_temporary.At("b"));
        InNewMountNamespace(() =>
        {
            Mounts.Mount("tare", _temporary.At("a"), "tmpfs", MountFlags.MS_NOEXEC, "size=64k").OrThrow("mount");
            Mounts.Mount(_temporary.At("a"), _temporary.At("b"), default, MountFlags.MS_BIND).OrThrow("mount");
            Mounts
                .Mount(
                    default,
                    _temporary.At("b"),
                    default,
                    MountFlags.MS_REMOUNT | MountFlags.MS_BIND | MountFlags.MS_RDONLY
                )
                .OrThrow("mount");
            Assert.Equal("tare", Entry(_temporary.At("a"))!.Source);
            Assert.True(Entry(_temporary.At("a"))!.HasSuperOption("size=64k"));
            Assert.False(Entry(_temporary.At("a"))!.IsReadOnly);
            Assert.True(Entry(_temporary.At("b"))!.IsReadOnly);
            Assert.Equal(Errno.EBUSY, Busy());
        });

        Errno Busy()
        {
            using FileFd file = Files
                .OpenAt(null, _temporary.At("a", "f"), OpenFlags.O_RDWR | OpenFlags.O_CREAT, FileModes.S_IRUSR)
                .OrThrow("openat");
            return Mounts.Umount2(_temporary.At("a")).Errno;
        }
    }

    [Fact]
    public void Without_the_new_calls_there_is_an_errno()
    {
        MissingCall.Run(
            Syscall.open_tree,
            Errno.ENOSYS,
            () => Assert.Equal(Errno.ENOSYS, Mounts.OpenTree(null, "/", OpenTreeFlags.OPEN_TREE_CLONE).Errno)
        );
        MissingCall.Run(Syscall.fsopen, Errno.ENOSYS, () => Assert.Equal(Errno.ENOSYS, Mounts.FsOpen("tmpfs").Errno));
    }

    private static MountFd NewTmpfs()
    {
        using FileSystemContextFd context = Mounts.FsOpen("tmpfs").OrThrow("fsopen");
        Mounts.FsConfigString(context, "size", "1m").OrThrow("fsconfig");
        Mounts.FsConfigString(context, "mode", "0500").OrThrow("fsconfig");
        Mounts.FsConfigCreate(context).OrThrow("fsconfig");
        return Mounts.FsMount(context, MountAttributeFlags.MOUNT_ATTR_NOSUID).OrThrow("fsmount");
    }

    private static void InNewMountNamespace(Action action) =>
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWNS).OrThrow("unshare");
            Mounts.Mount(default, "/", default, MountFlags.MS_REC | MountFlags.MS_PRIVATE).OrThrow("mount");
            action();
        });

    private static MountEntry? Entry(string path) =>
        MountInfo.Read().OrThrow("read").LastOrDefault(m => m.MountPoint.ToString() == path);
}
