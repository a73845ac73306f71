using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class CredentialsTests
{
    [Fact]
    public void The_calls_and_proc_agree() =>
        OwnThread.Run(() =>
        {
            ProcStatus status = ProcStatus.ReadOwn().OrThrow("read");
            (uint real, uint effective, uint saved) = Credentials.GetResUid();
            Assert.Equal(status.Users with { FileSystem = 0 }, new ProcessIds(real, effective, saved, 0));
            (real, effective, saved) = Credentials.GetResGid();
            Assert.Equal(status.Groups with { FileSystem = 0 }, new ProcessIds(real, effective, saved, 0));
            Assert.Equal(effective, Credentials.GetEffectiveGid());
            Assert.Equal(status.SupplementaryGroups, Credentials.GetGroups().OrThrow("getgroups"));
        });

    [Fact]
    public void Users_and_groups_are_set_for_one_thread_only()
    {
        Require.Root();
        try
        {
            OwnThread.Run(() =>
            {
                Credentials.SetGroups([5, 7, 70_000]).OrThrow("setgroups");
                Credentials.SetResGid(101, 102, 103).OrThrow("setresgid");
                Credentials.SetResUid(11, 12, 13).OrThrow("setresuid");
                Assert.Equal((11u, 12u, 13u), Credentials.GetResUid());
                Assert.Equal((101u, 102u, 103u), Credentials.GetResGid());
                Assert.Equal([5u, 7u, 70_000u], Credentials.GetGroups().OrThrow("getgroups"));
                Assert.Equal(Errno.EPERM, Credentials.SetResUid(0, 0, 0).Errno);
                Assert.Equal(Errno.EPERM, Credentials.SetGroups([]).Errno);
            });
        }
        finally
        {
            // A change of user makes the address space that all threads share undumpable.
            Prctl.SetDumpable(1).OrThrow("prctl");
        }

        Assert.Equal(0u, Credentials.GetEffectiveUid());
    }

    [Fact]
    public void Files_are_made_by_a_user_of_their_own()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0b111_111_111);
        OwnThread.Run(() =>
        {
            uint before = Credentials.SetFileSystemUid(4711);
            Assert.Equal(before, Credentials.GetResUid().Effective);
            Assert.Equal(4711u, Credentials.SetFileSystemUid(Credentials.Unchanged));
            Credentials.SetFileSystemGid(4712);
            using FileFd file = Files
                .OpenAt(null, $"{directory.Path}/made", OpenFlags.O_CREAT | OpenFlags.O_WRONLY, (FileModes)0x1a4)
                .OrThrow("make a file");
            StatX status = Files.StatX(file).OrThrow("statx");
            Assert.Equal((4711u, 4712u), (status.UserId, status.GroupId));
        });
    }
}
