using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class FanotifyTests
{
    [Fact]
    public void A_program_that_is_executed_is_told_with_its_process()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        string program = $"{directory.Path}/program";
        File.Copy("/bin/sleep", program);
        SysResult<FileFd> created = Fanotify.Create();
        Assert.SkipWhen(created.Errno == Errno.ENOSYS, "needs CONFIG_FANOTIFY");
        using FileFd group = created.OrThrow("fanotify_init");
        Fanotify
            .Mark(group, program, FanotifyEvents.FAN_OPEN_EXEC, FanotifyScope.FAN_MARK_INODE)
            .OrThrow("fanotify_mark");
        using Orphan orphan = Orphan.Start($"exec {program} 1000");

        FanotifyEvent told = Assert.Single(Fanotify.Read(group).OrThrow("read"));

        using (told)
        {
            Assert.Equal((FanotifyEvents.FAN_OPEN_EXEC, orphan.ProcessId), (told.Events, told.ProcessId));
            Assert.Equal(Files.StatX(null, program).Value.Inode, Files.StatX(told.File!).OrThrow("statx").Inode);
            Assert.SkipWhen(told.Process is null, "needs FAN_REPORT_PIDFD (Linux 5.15)");
            Assert.Equal(orphan.ProcessId, PidFds.GetProcessId(told.Process).OrThrow("number"));
        }
    }

    [Fact]
    public void A_group_that_does_not_block_has_nothing_to_tell()
    {
        Require.Root();
        SysResult<FileFd> created = Fanotify.Create(nonBlocking: true);
        Assert.SkipWhen(created.Errno == Errno.ENOSYS, "needs CONFIG_FANOTIFY");
        using FileFd group = created.OrThrow("fanotify_init");
        Assert.Equal(Errno.EAGAIN, Fanotify.Read(group).Errno);
        Assert.Equal(
            Errno.ENOENT,
            Fanotify.Mark(group, "/nowhere", FanotifyEvents.FAN_OPEN_EXEC, FanotifyScope.FAN_MARK_FILESYSTEM).Errno
        );
    }

    [Fact]
    public void Mounts_of_a_namespace_are_told_as_they_come_and_go()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        SysResult<FileFd> created = Fanotify.CreateForMounts();
        Assert.SkipWhen(created.Errno is Errno.EINVAL or Errno.ENOSYS, "needs FAN_REPORT_MNT (Linux 6.14)");
        using FileFd group = created.OrThrow("fanotify_init");
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_FS).OrThrow("unshare");
            Mounts.Mount("", "/", "", MountFlags.MS_REC | MountFlags.MS_PRIVATE).OrThrow("mount");
            using NamespaceFd own = Namespaces.OpenOwn(CloneFlags.CLONE_NEWNS).OrThrow("open");
            Fanotify
                .Mark(group, own, FanotifyEvents.FAN_MNT_ATTACH | FanotifyEvents.FAN_MNT_DETACH)
                .OrThrow("fanotify_mark");
            Mounts.Mount("told", directory.Path, "tmpfs", MountFlags.None).OrThrow("mount");
            ulong number = Files.StatX(null, directory.Path, mask: StatXMask.STATX_MNT_ID_UNIQUE).Value.MountId;
            using FanotifyEvent came = Assert.Single(Fanotify.Read(group).OrThrow("read"));
            Assert.Equal((FanotifyEvents.FAN_MNT_ATTACH, number), (came.Events, came.MountId));
            Assert.Equal(directory.Path, Mounts.StatMount(came.MountId).OrThrow("statmount").Point.ToString());
            Assert.Null(came.File);

            Mounts.Umount2(directory.Path).OrThrow("umount2");

            using FanotifyEvent went = Assert.Single(Fanotify.Read(group).OrThrow("read"));
            Assert.Equal((FanotifyEvents.FAN_MNT_DETACH, number), (went.Events, went.MountId));
        });
    }

    [Fact]
    public void Who_executes_a_program_waits_until_it_is_allowed_or_denied()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        string program = $"{directory.Path}/program";
        File.Copy("/bin/true", program);
        SysResult<FileFd> created = Fanotify.Create(kind: FanotifyClass.FAN_CLASS_CONTENT);
        Assert.SkipWhen(created.Errno is Errno.ENOSYS or Errno.EINVAL, "needs CONFIG_FANOTIFY_ACCESS_PERMISSIONS");
        using FileFd group = created.OrThrow("fanotify_init");
        Fanotify
            .Mark(group, program, FanotifyEvents.FAN_OPEN_EXEC_PERM, FanotifyScope.FAN_MARK_INODE)
            .OrThrow("fanotify_mark");
        using Orphan orphan = Orphan.Start($"{program} && {program}; exit $?");

        using FanotifyEvent first = Assert.Single(Fanotify.Read(group).OrThrow("read"));
        Assert.Equal((FanotifyEvents.FAN_OPEN_EXEC_PERM, true), (first.Events, first.IsQuestion));
        Assert.Equal(Files.StatX(null, program).Value.Inode, Files.StatX(first.File!).OrThrow("statx").Inode);
        Assert.True(Fanotify.Allow(group, first).Ok);
        Assert.Equal(Errno.ENOENT, Fanotify.Allow(group, first).Errno);

        using FanotifyEvent second = Assert.Single(Fanotify.Read(group).OrThrow("read"));
        Assert.Equal(Errno.EINVAL, Fanotify.Deny(group, second, Errno.EBUSY).Errno);
        Assert.True(Fanotify.Deny(group, second).Ok);
        Assert.False(PidFds.Wait(orphan.Process).OrThrow("waitid")!.Value.Status.Success);
    }

    [Fact]
    public void Lost_events_and_events_that_are_none_are_taken_apart()
    {
        byte[] overflow = new byte[24];
        overflow[0] = 24;
        overflow[4] = 3;
        overflow[6] = 24;
        overflow[9] = 0x40;
        overflow.AsSpan(16, 4).Fill(0xff);
        List<FanotifyEvent> events = [];

        Fanotify.Parse(overflow, events);
        Fanotify.Parse(overflow.AsSpan(0, 20), events);
        overflow[0] = 200;
        Fanotify.Parse(overflow, events);

        FanotifyEvent told = Assert.Single(events);
        Assert.Equal(FanotifyEvents.FAN_Q_OVERFLOW, told.Events);
        Assert.Null(told.File);
        Assert.Null(told.Process);
    }
}
