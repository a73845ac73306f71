using System.Runtime.InteropServices;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class MountStatusTests
{
    [Fact]
    public void Every_mount_is_told_as_mountinfo_tells_it()
    {
        Require.Root();
        OwnThread.Run(() =>
        {
            // Mounts of one's own, so that nobody changes them meanwhile.
            Namespaces.Unshare(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_FS).OrThrow("unshare");
            Mounts.Mount("", "/", "", MountFlags.MS_REC | MountFlags.MS_PRIVATE).OrThrow("mount");
            SysResult<IReadOnlyList<ulong>> listed = Mounts.ListMounts();
            Assert.SkipWhen(listed.Errno == Errno.ENOSYS, "needs listmount (Linux 6.8)");

            List<MountStatus> mounts = [];
            foreach (ulong number in listed.OrThrow("listmount"))
            {
                mounts.Add(Mounts.StatMount(number).OrThrow("statmount"));
            }

            Dictionary<int, MountEntry> expected = MountInfo
                .Read("/proc/thread-self/mountinfo")
                .OrThrow("read")
                .ToDictionary(entry => entry.Id);
            Assert.NotEmpty(mounts);
            foreach (MountStatus mount in mounts)
            {
                MountEntry entry = expected[(int)mount.MountInfoId];
                Assert.Equal(entry.MountPoint, mount.Point);
                Assert.Equal(entry.Root, mount.Root);
                Assert.Equal(MountFlags.MS_PRIVATE, mount.Propagation);
                Assert.StartsWith(mount.Type, entry.Type, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void A_new_mount_has_the_attributes_and_options_that_it_was_given()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        using NamespaceFd before = Namespaces.OpenOwn(CloneFlags.CLONE_NEWNS).OrThrow("open");
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_FS).OrThrow("unshare");
            Mounts.Mount("", "/", "", MountFlags.MS_REC | MountFlags.MS_PRIVATE).OrThrow("mount");
            Mounts
                .Mount("origin", directory.Path, "tmpfs", MountFlags.MS_NOSUID | MountFlags.MS_NODEV, "size=64k")
                .OrThrow("mount");
            StatX place = Files.StatX(null, directory.Path, mask: StatXMask.STATX_MNT_ID_UNIQUE).OrThrow("statx");
            SysResult<MountStatus> told = Mounts.StatMount(place.MountId);
            Assert.SkipWhen(told.Errno == Errno.ENOSYS, "needs statmount (Linux 6.8)");

            MountStatus mount = told.OrThrow("statmount");
            Assert.Equal((place.MountId, directory.Path, "tmpfs"), (mount.MountId, mount.Point.ToString(), mount.Type));
            Assert.Equal(FileSystemMagic.TMPFS_MAGIC, mount.Magic);
            const MountAttributeFlags Given =
                MountAttributeFlags.MOUNT_ATTR_NOSUID | MountAttributeFlags.MOUNT_ATTR_NODEV;
            Assert.Equal(Given, mount.Attributes & (Given | MountAttributeFlags.MOUNT_ATTR_NOEXEC));
            Assert.SkipWhen(mount.Source is null, "needs STATMOUNT_SB_SOURCE (Linux 6.13)");
            Assert.Equal("origin", mount.Source);
            Assert.Contains("size=64k", mount.Options, StringComparison.Ordinal);

            // The same from outside of the namespace, by its number.
            using NamespaceFd own = Namespaces.OpenOwn(CloneFlags.CLONE_NEWNS).OrThrow("open");
            MountNamespaceInfo info = Namespaces.MountsOf(own).OrThrow("ioctl");
            Assert.Equal(mount.NamespaceId, info.NamespaceId);
            Assert.True(info.MountCount >= Mounts.ListMounts().Value.Count);
            Namespaces.SetNs(before, CloneFlags.CLONE_NEWNS).OrThrow("setns");
            Assert.DoesNotContain(mount.MountId, Mounts.ListMounts().OrThrow("listmount"));
            Assert.Contains(mount.MountId, Mounts.ListMounts(namespaceId: info.NamespaceId).OrThrow("listmount"));
            Namespaces.SetNs(own, CloneFlags.CLONE_NEWNS).OrThrow("setns");
            Mounts.Umount2(directory.Path).OrThrow("umount2");
            Assert.Equal(Errno.ENOENT, Mounts.StatMount(mount.MountId).Errno);
        });
    }

    [Fact]
    public void The_owners_that_a_mount_shows_are_told()
    {
        Require.Root();
        Require.Program("unshare");
        using Orphan orphan = Orphan.Start("exec unshare --user sh -c \"kill -STOP \\$\\$; sleep 1000\"");
        PidFds.Wait(orphan.Process, WaitOptions.WSTOPPED).OrThrow("waitid");
        File.WriteAllText($"/proc/{orphan.ProcessId}/uid_map", "0 100000 10\n20 200000 5\n");
        File.WriteAllText($"/proc/{orphan.ProcessId}/gid_map", "0 300000 7\n");
        using NamespaceFd map = Namespaces
            .Open(orphan.Process, orphan.ProcessId, CloneFlags.CLONE_NEWUSER)
            .OrThrow("open");
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_FS).OrThrow("unshare");
            Mounts.Mount("", "/", "", MountFlags.MS_REC | MountFlags.MS_PRIVATE).OrThrow("mount");
            Mounts.Mount("plain", "/mnt", "tmpfs", MountFlags.None, "size=64k,mode=700").OrThrow("mount");
            MountStatus plain = At("/mnt");
            using MountFd shown = Mounts.OpenTree(null, "/mnt", OpenTreeFlags.OPEN_TREE_CLONE).OrThrow("open_tree");
            Mounts.IdMap(shown, map).OrThrow("mount_setattr");
            using (FileFd place = Files.OpenAt(null, "/mnt", OpenFlags.O_PATH).OrThrow("open"))
            {
                Mounts.MoveMount(shown, place).OrThrow("move_mount");
            }

            MountStatus mapped = At("/mnt");

            Assert.SkipWhen(plain.Supported == StatMountMask.None, "needs STATMOUNT_SUPPORTED_MASK (Linux 6.15)");
            Assert.Equal(MountStatus.Wanted, mapped.Supported & MountStatus.Wanted);
            Assert.Null(plain.UserMap);
            Assert.Null(plain.GroupMap);
            Assert.Equal([new IdRange(0, 100_000, 10), new IdRange(20, 200_000, 5)], mapped.UserMap);
            Assert.Equal([new IdRange(0, 300_000, 7)], mapped.GroupMap);
            Assert.Equal(["size=64k", "mode=700"], mapped.OptionList!.Where(option => option[0] is 's' or 'm'));
            Assert.Null(mapped.Subtype);
            Assert.Null(mapped.SecurityOptions);
        });

        static MountStatus At(BytePath path)
        {
            StatX place = Files.StatX(null, path, mask: StatXMask.STATX_MNT_ID_UNIQUE).OrThrow("statx");
            SysResult<MountStatus> told = Mounts.StatMount(place.MountId);
            Assert.SkipWhen(told.Errno == Errno.ENOSYS, "needs statmount (Linux 6.8)");
            return told.OrThrow("statmount");
        }
    }

    [Fact]
    public void A_mount_is_told_by_a_descriptor_also_when_it_was_unmounted()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_FS).OrThrow("unshare");
            Mounts.Mount("", "/", "", MountFlags.MS_REC | MountFlags.MS_PRIVATE).OrThrow("mount");
            Mounts.Mount("origin", directory.Path, "tmpfs", MountFlags.None).OrThrow("mount");
            using FileFd place = Files.OpenAt(null, directory.Path, OpenFlags.O_PATH).OrThrow("open");
            SysResult<MountStatus> told = Mounts.StatMount(place);
            Mounts.Umount2(directory.Path, UnmountFlags.MNT_DETACH).OrThrow("umount2");
            Assert.SkipWhen(told.Errno is Errno.EINVAL or Errno.ENOSYS, "needs STATMOUNT_BY_FD (Linux 7.0)");

            Assert.Equal(directory.Path, told.OrThrow("statmount").Point.ToString());
            MountStatus after = Mounts.StatMount(place).OrThrow("statmount");
            Assert.Equal((told.Value.MountId, "origin", ""), (after.MountId, after.Source, after.Point.ToString()));
        });
    }

    [Fact]
    public void Mount_namespaces_that_nobody_is_in_are_made_of_mounts_or_refused()
    {
        Require.Root();
        SysResult<NamespaceFd> made = Mounts.OpenTreeNamespace(null, "/proc");
        if (made.Errno == Errno.EINVAL)
        {
            using FileSystemContextFd context = Mounts.FsOpen("tmpfs").OrThrow("fsopen");
            Mounts.FsConfigCreate(context).OrThrow("fsconfig");
            Assert.Equal(Errno.EINVAL, Mounts.FsMountNamespace(context).Errno);
            return;
        }

        using NamespaceFd space = made.OrThrow("open_tree");
        Assert.Equal(CloneFlags.CLONE_NEWNS, Namespaces.KindOf(space).OrThrow("ioctl"));
    }

    [Fact]
    public void Mount_namespaces_follow_each_other()
    {
        Require.Root();
        using NamespaceFd first = Namespaces.OpenOwn(CloneFlags.CLONE_NEWNS).OrThrow("open");
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_FS).OrThrow("unshare");
            using NamespaceFd own = Namespaces.OpenOwn(CloneFlags.CLONE_NEWNS).OrThrow("open");
            SysResult<NamespaceFd> previous = Namespaces.PreviousMountNamespace(own);
            Assert.SkipWhen(previous.Errno == Errno.ENOTTY, "needs NS_MNT_GET_PREV (Linux 6.12)");
            using NamespaceFd before = previous.OrThrow("ioctl");
            ulong number = Namespaces.MountsOf(before).OrThrow("ioctl").NamespaceId;
            Assert.True(number < Namespaces.MountsOf(own).Value.NamespaceId);
            Assert.True(Namespaces.MountsOf(first).Value.NamespaceId <= number);
            using NamespaceFd next = Namespaces.NextMountNamespace(before).OrThrow("ioctl");
            Assert.True(Namespaces.MountsOf(next).Value.NamespaceId > number);
        });
        using NamespaceFd uts = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
        Assert.False(Namespaces.MountsOf(uts).Ok);
    }

    [Fact]
    public void A_process_is_known_by_another_number_in_its_namespace()
    {
        Require.Root();
        Require.Program("unshare");
        using TemporaryDirectory directory = new();
        string fifo = $"{directory.Path}/there";
        Files.MknodAt(null, fifo, FileModes.S_IFIFO | FileModes.S_IRUSR | FileModes.S_IWUSR).OrThrow("mknod");
        using Orphan orphan = Orphan.Start(
            $"exec unshare --pid --fork --kill-child sh -c \"echo there > {fifo}; exec sleep 1000\""
        );
        Files.ReadAllAt(null, fifo).OrThrow("wait for the child");
        using DirectoryFd parent = ProcDirectory.Open(orphan.Process).OrThrow("open");
        int child = Assert.Single(ProcDirectory.Children(parent).OrThrow("read"));
        using PidFd self = PidFds.Open(Environment.ProcessId).OrThrow("open");
        using PidFd inner = PidFds.Open(child).OrThrow("open");
        using NamespaceFd pids = Namespaces.Open(inner, child, CloneFlags.CLONE_NEWPID).OrThrow("open");

        SysResult<int> number = Namespaces.NumberIn(pids, child);

        Assert.SkipWhen(number.Errno == Errno.ENOTTY, "needs NS_GET_TGID_IN_PIDNS (Linux 6.11)");
        Assert.Equal(1, number.OrThrow("ioctl"));
        Assert.Equal(child, Namespaces.NumberFrom(pids, 1).OrThrow("ioctl"));
        Assert.Equal(Errno.ESRCH, Namespaces.NumberFrom(pids, 4711).Errno);
        using NamespaceFd childrens = Namespaces
            .OpenForChildren(orphan.Process, CloneFlags.CLONE_NEWPID)
            .OrThrow("open");
        Assert.Equal(Namespaces.IdentityOf(pids), Namespaces.IdentityOf(childrens));
        Assert.Equal(Errno.EINVAL, Namespaces.OpenForChildren(self, CloneFlags.CLONE_NEWNET).Errno);
    }

    [Fact]
    public void An_answer_that_is_none_is_refused()
    {
        Assert.Throws<FormatException>(() => MountStatus.Parse(new byte[100]));
        byte[] answer = new byte[600];
        StatMount status = new() { Mask = StatMountMask.STATMOUNT_FS_TYPE, Type = 200 };
        MemoryMarshal.Write(answer, status);
        Assert.Throws<FormatException>(() => MountStatus.Parse(answer));
        status.Type = 2;
        MemoryMarshal.Write(answer, status);
        "tmpfs"u8.CopyTo(answer.AsSpan(514));
        Assert.Equal("tmpfs", MountStatus.Parse(answer).Type);
    }

    [Fact]
    public void Lists_in_an_answer_are_taken_apart_and_must_be_in_it()
    {
        byte[] answer = new byte[600];
        StatMount status = new()
        {
            Mask =
                StatMountMask.STATMOUNT_OPT_ARRAY
                | StatMountMask.STATMOUNT_OPT_SEC_ARRAY
                | StatMountMask.STATMOUNT_FS_SUBTYPE
                | StatMountMask.STATMOUNT_MNT_UIDMAP,
            OptionCount = 2,
            OptionArray = 0,
            SecurityOptionCount = 1,
            SecurityOptionArray = 2,
            Subtype = 10,
            UserMapCount = 1,
            UserMap = 20,
        };
        MemoryMarshal.Write(answer, status);
        "a\0b,c\0"u8.CopyTo(answer.AsSpan(512));
        "sub"u8.CopyTo(answer.AsSpan(522));
        "5 6 7\0"u8.CopyTo(answer.AsSpan(532));

        MountStatus told = MountStatus.Parse(answer);

        Assert.Equal(["a", "b,c"], told.OptionList);
        Assert.Equal(["b,c"], told.SecurityOptions);
        Assert.Equal("sub", told.Subtype);
        Assert.Equal([new IdRange(5, 6, 7)], told.UserMap);
        Assert.Null(told.GroupMap);
        status.OptionCount = 100;
        MemoryMarshal.Write(answer, status);
        Assert.Throws<FormatException>(() => MountStatus.Parse(answer));
    }

    [Fact]
    public void A_procfs_of_one_s_own_shows_processes_only()
    {
        Require.Root();
        using MountFd plain = Mounts.NewProc().OrThrow("mount");
        using MountFd narrow = Mounts.NewProc(ProcessHiding.Invisible, onlyProcesses: true).OrThrow("mount");

        Assert.True(Files.FAccessAt2(plain, "meminfo", AccessModes.F_OK).Ok);
        Assert.Equal(Errno.ENOENT, Files.FAccessAt2(narrow, "meminfo", AccessModes.F_OK).Errno);
        Assert.Contains(Environment.ProcessId, ProcDirectory.ProcessIds(narrow).OrThrow("read"));
        using DirectoryFd own = ProcDirectory.Open(narrow, Environment.ProcessId).OrThrow("open");
        Assert.Equal(Environment.ProcessId, ProcStat.Read(own).OrThrow("read").ProcessId);
    }

    [Fact]
    public void A_procfs_of_one_s_own_hides_processes_from_another_user()
    {
        Require.Root();
        using MountFd hiding = Mounts.NewProc(ProcessHiding.Invisible).OrThrow("mount");
        using MountFd open = Mounts.NewProc().OrThrow("mount");
        using MountFd granting = Mounts.NewProc(ProcessHiding.Invisible, group: 65534).OrThrow("mount");
        const uint Nobody = 65534;
        try
        {
            OwnThread.Run(() =>
            {
                Credentials.SetGroups([]).OrThrow("setgroups");
                Credentials.SetResGid(Nobody, Nobody, Nobody).OrThrow("setresgid");
                Credentials.SetResUid(Nobody, Nobody, Nobody).OrThrow("setresuid");
                Assert.DoesNotContain(1, ProcDirectory.ProcessIds(hiding).OrThrow("read"));
                Assert.Equal(Errno.ENOENT, ProcDirectory.Open(hiding, 1).Errno);
                Assert.Contains(1, ProcDirectory.ProcessIds(open).OrThrow("read"));
                Assert.Contains(1, ProcDirectory.ProcessIds(granting).OrThrow("read"));
            });
        }
        finally
        {
            Prctl.SetDumpable(1).OrThrow("prctl");
        }
    }
}
