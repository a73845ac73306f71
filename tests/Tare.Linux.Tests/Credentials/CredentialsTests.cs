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
}
