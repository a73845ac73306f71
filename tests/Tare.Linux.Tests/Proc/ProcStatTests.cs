using System.Text;
using CsCheck;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class ProcStatTests
{
    private const string Rest =
        "S 1 42 43 34816 42 4194560 5 6 7 8 90 91 10 11 20 0 3 0 4711 123456 789 18446744073709551615 0";

    [Fact]
    public void A_name_may_look_like_the_fields_behind_it() =>
        Gen.String[Gen.Char[" ()SRZ1x\n"], 0, 15]
            .Sample(name =>
            {
                ProcStat stat = ProcStat.Parse(Encoding.UTF8.GetBytes($"77 ({name}) {Rest}\n"));
                return stat.Command == name && stat is { ProcessId: 77, ParentId: 1, State: 'S', StartTicks: 4711 };
            });

    [Fact]
    public void Every_field_is_in_its_place()
    {
        ProcStat stat = ProcStat.Parse(Encoding.UTF8.GetBytes($"77 (sh) {Rest}"));
        Assert.Equal((42, 43, 34816), (stat.ProcessGroup, stat.Session, stat.Terminal));
        Assert.Equal((90ul, 91ul), (stat.UserTicks, stat.SystemTicks));
        Assert.Equal((3L, 123456ul, 789L), (stat.ThreadCount, stat.VirtualBytes, stat.ResidentPages));
        Assert.False(stat.HasEnded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("77 sh S 1")]
    [InlineData("77 )sh( S 1")]
    [InlineData("77 (sh) SS 1 2 3")]
    [InlineData("x (sh) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22")]
    [InlineData("77 (sh) S 1 42")]
    public void What_is_no_stat_is_refused(string text) =>
        Assert.Throws<FormatException>(() => ProcStat.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void No_bytes_break_the_parser() =>
        Gen.OneOf(Gen.Byte.Array, MountInfoTests.Mutated(Encoding.UTF8.GetBytes($"77 (sh) {Rest}")))
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => ProcStat.Parse(text)));

    [Fact]
    public void A_threads_end_is_told_to_nobody_and_a_processs_to_its_parent()
    {
        using DirectoryFd process = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        ProcStat own = ProcStat.Read(process).OrThrow("read");
        OwnThread.Run(() =>
        {
            using DirectoryFd thread = ProcDirectory.OpenThread(process, Processes.GetThreadId()).OrThrow("open");
            Assert.Equal(Signal.None, ProcStat.Read(thread).OrThrow("read").ExitSignal);
        });
        Assert.Equal(Signal.SIGCHLD, own.ExitSignal);
        Assert.NotEqual(0u, own.Flags);
    }

    [Fact]
    public void A_child_that_was_not_reaped_has_ended()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        PidFd process = orphan.Process;
        ProcStat running = ProcStat.Read(orphan.ProcessId).OrThrow("read");
        Assert.Equal(Environment.ProcessId, running.ParentId);
        Assert.False(running.HasEnded);
        PidFds.SendSignal(process, Signal.SIGKILL).OrThrow("pidfd_send_signal");
        PidFds.Wait(process, WaitOptions.WEXITED | WaitOptions.WNOWAIT).OrThrow("waitid");
        ProcStat ended = ProcStat.Read(orphan.ProcessId).OrThrow("read");
        Assert.True(ended.HasEnded);
        Assert.Equal(running.StartTicks, ended.StartTicks);
        PidFds.Wait(process).OrThrow("waitid");
        Assert.Equal(Errno.ENOENT, ProcStat.Read(orphan.ProcessId).Errno);
    }
}
