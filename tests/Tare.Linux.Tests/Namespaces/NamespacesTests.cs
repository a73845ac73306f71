using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class NamespacesTests
{
    public static TheoryData<CloneFlags> Kinds =>
        [
            CloneFlags.CLONE_NEWCGROUP,
            CloneFlags.CLONE_NEWIPC,
            CloneFlags.CLONE_NEWNS,
            CloneFlags.CLONE_NEWNET,
            CloneFlags.CLONE_NEWPID,
            CloneFlags.CLONE_NEWTIME,
            CloneFlags.CLONE_NEWUSER,
            CloneFlags.CLONE_NEWUTS,
        ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_own_namespace_is_the_same_by_path_and_by_pidfd(CloneFlags kind)
    {
        string name = NamespaceKinds.NameOf(kind);
        Assert.Equal(kind, NamespaceKinds.Named(name));
        Assert.NotEqual(CloneFlags.None, NamespaceKinds.All & kind);
        using NamespaceFd own = Namespaces.OpenOwn(kind).OrThrow("open", name);
        Assert.Equal(kind, Namespaces.KindOf(own).OrThrow("ioctl"));
        using PidFd self = PidFds.Open(Environment.ProcessId).OrThrow("pidfd_open");
        using NamespaceFd same = Namespaces.Open(self, Environment.ProcessId, kind).OrThrow("open", name);
        ulong identity = Namespaces.IdentityOf(own).OrThrow("statx");
        Assert.Equal(identity, Namespaces.IdentityOf(same).OrThrow("statx"));
        Assert.Equal(
            $"{name}:[{identity}]",
            Files.ReadLinkAt(null, $"/proc/self/ns/{name}").OrThrow("readlinkat").ToString()
        );
    }

    [Fact]
    public void A_namespace_is_left_and_entered_again_by_a_thread()
    {
        Require.Root();
        using NamespaceFd before = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
        ulong identity = Namespaces.IdentityOf(before).OrThrow("statx");
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWUTS).OrThrow("unshare");
            using NamespaceFd fresh = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
            Assert.NotEqual(identity, Namespaces.IdentityOf(fresh).OrThrow("statx"));
            Assert.Equal(Errno.EINVAL, Namespaces.SetNs(before, CloneFlags.CLONE_NEWIPC).Errno);
            Namespaces.SetNs(before, CloneFlags.CLONE_NEWUTS).OrThrow("setns");
            using NamespaceFd again = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
            Assert.Equal(identity, Namespaces.IdentityOf(again).OrThrow("statx"));
        });
    }

    [Fact]
    public void Several_namespaces_of_a_process_are_entered_at_once()
    {
        Require.Root();
        using PidFd self = PidFds.Open(Environment.ProcessId).OrThrow("pidfd_open");
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWUTS | CloneFlags.CLONE_NEWIPC).OrThrow("unshare");
            Namespaces.SetNs(self, CloneFlags.CLONE_NEWUTS | CloneFlags.CLONE_NEWIPC).OrThrow("setns");
            using NamespaceFd own = Namespaces.OpenOwn(CloneFlags.CLONE_NEWIPC).OrThrow("open");
            using NamespaceFd first = Namespaces.OpenPath($"/proc/{Environment.ProcessId}/ns/ipc").OrThrow("open");
            Assert.Equal(Namespaces.IdentityOf(first), Namespaces.IdentityOf(own));
        });
    }

    [Fact]
    public void The_namespaces_of_another_process_are_opened_and_entered_through_its_pidfd()
    {
        Require.Root();
        Require.Program("unshare");
        using Orphan orphan = Orphan.Start("exec unshare --uts --ipc sh -c \"kill -STOP \\$\\$; sleep 1000\"");
        PidFds.Wait(orphan.Process, WaitOptions.WSTOPPED).OrThrow("waitid");
        using NamespaceFd theirs = Namespaces
            .Open(orphan.Process, orphan.ProcessId, CloneFlags.CLONE_NEWUTS)
            .OrThrow("open");
        ulong identity = Namespaces.IdentityOf(theirs).OrThrow("statx");
        OwnThread.Run(() =>
        {
            using NamespaceFd before = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
            Assert.NotEqual(identity, Namespaces.IdentityOf(before).OrThrow("statx"));
            Namespaces.SetNs(orphan.Process, CloneFlags.CLONE_NEWUTS | CloneFlags.CLONE_NEWIPC).OrThrow("setns");
            using NamespaceFd after = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
            Assert.Equal(identity, Namespaces.IdentityOf(after).OrThrow("statx"));
        });
        PidFds.SendSignal(orphan.Process, Signal.SIGKILL).OrThrow("pidfd_send_signal");
        PidFds.Wait(orphan.Process).OrThrow("waitid");
        Assert.Equal(Errno.ESRCH, Namespaces.Open(orphan.Process, orphan.ProcessId, CloneFlags.CLONE_NEWUTS).Errno);
    }

    [Fact]
    public void A_namespace_knows_its_owner_and_its_parent()
    {
        using NamespaceFd pid = Namespaces.OpenOwn(CloneFlags.CLONE_NEWPID).OrThrow("open");
        using NamespaceFd user = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUSER).OrThrow("open");
        using NamespaceFd owner = Namespaces.OwnerOf(pid).OrThrow("ioctl");
        Assert.Equal(CloneFlags.CLONE_NEWUSER, Namespaces.KindOf(owner).OrThrow("ioctl"));
        Assert.Equal(Errno.EPERM, Namespaces.ParentOf(user).Errno);
        Assert.True(Namespaces.OwnerUidOf(owner).Ok);
        using NamespaceFd net = Namespaces.OpenOwn(CloneFlags.CLONE_NEWNET).OrThrow("open");
        Assert.Equal(Errno.EINVAL, Namespaces.ParentOf(net).Errno);
    }

    [Fact]
    public void A_file_that_is_no_namespace_is_refused()
    {
        Assert.Equal(Errno.EINVAL, Namespaces.OpenPath("/proc/self/status").Errno);
        Assert.Equal(Errno.ENOENT, Namespaces.OpenPath("/proc/self/ns/none").Errno);
        Assert.Equal(CloneFlags.None, NamespaceKinds.Named("none"));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            NamespaceKinds.NameOf(CloneFlags.CLONE_NEWPID | CloneFlags.CLONE_NEWNS)
        );
    }

    [Fact]
    public void Opening_falls_back_to_proc_where_the_pidfd_cannot() =>
        MissingCall.Run(
            Syscall.ioctl,
            Errno.ENOTTY,
            () =>
            {
                using PidFd self = PidFds.Open(Environment.ProcessId).OrThrow("pidfd_open");
                using NamespaceFd uts = Namespaces
                    .Open(self, Environment.ProcessId, CloneFlags.CLONE_NEWUTS)
                    .OrThrow("open");
                Assert.Equal(
                    Files.StatX(null, "/proc/self/ns/uts").OrThrow("statx").Inode,
                    Namespaces.IdentityOf(uts).OrThrow("statx")
                );
            }
        );
}
