using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class ProcessesTests
{
    [Fact]
    public void The_process_knows_its_numbers()
    {
        Assert.Equal(Environment.ProcessId, Processes.GetPid());
        ProcStat own = ProcStat.Read(Processes.GetPid()).OrThrow("read");
        Assert.Equal(own.ParentId, Processes.GetParentPid());
        Assert.Equal(own.Session, Processes.GetSid().OrThrow("getsid"));
        Assert.Equal(own.ProcessGroup, Processes.GetPgid().OrThrow("getpgid"));
        OwnThread.Run(() => Assert.NotEqual(Processes.GetPid(), Processes.GetThreadId()));
    }

    [Fact]
    public void A_subreaper_says_so()
    {
        Processes.SetSubreaper(true).OrThrow("prctl");
        Assert.True(Processes.IsSubreaper().OrThrow("prctl"));
    }

    [Fact]
    public void A_child_is_signalled_and_waited_for_by_number()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        Processes.Kill(orphan.ProcessId, Signal.SIGUSR1).OrThrow("kill");
        Assert.Equal(
            ExitStatus.Killed(Signal.SIGUSR1),
            Processes.Wait(orphan.ProcessId).OrThrow("waitid")!.Value.Status
        );
    }

    [Fact]
    public void The_dumpable_flag_is_set_and_read()
    {
        int before = Prctl.GetDumpable();
        Prctl.SetDumpable(1).OrThrow("prctl");
        Assert.Equal(1, Prctl.GetDumpable());
        Assert.Equal(Errno.EINVAL, Prctl.SetDumpable(7).Errno);
        Assert.Contains(before, (int[])[0, 1, 2]);
    }

    [Fact]
    public void A_threads_properties_are_its_own() =>
        OwnThread.Run(() =>
        {
            Prctl.SetName("a name that is too long"u8).OrThrow("prctl");
            ProcStatus status = ProcStatus.ReadOwn().OrThrow("read");
            Assert.Equal("a name that is ", status.Name);
            Assert.False(status.NoNewPrivileges);
            Prctl.SetNoNewPrivileges().OrThrow("prctl");
            Assert.True(Prctl.GetNoNewPrivileges());
            Assert.True(ProcStatus.ReadOwn().OrThrow("read").NoNewPrivileges);
            Assert.Equal(SecureBits.None, Prctl.GetSecureBits());
            Assert.Equal(Errno.EINVAL, Prctl.Call((PrctlOption)9999).Errno);
        });
}
