using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class PidFdsTests
{
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit 255", 255)]
    public void The_exit_code_of_a_child_is_told(string command, int code)
    {
        using Orphan orphan = Orphan.Start(command);
        PidFd process = orphan.Process;
        WaitOutcome outcome = PidFds.Wait(process).OrThrow("waitid")!.Value;
        Assert.True(outcome.Ended);
        Assert.Equal(orphan.ProcessId, outcome.ProcessId);
        Assert.Equal(ExitStatus.Exited(code), outcome.Status);
    }

    [Fact]
    public void A_killed_child_has_a_signal_and_no_code()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        PidFd process = orphan.Process;
        Assert.Null(PidFds.Wait(process, WaitOptions.WEXITED | WaitOptions.WNOHANG).OrThrow("waitid"));
        PidFds.SendSignal(process, Signal.SIGKILL).OrThrow("pidfd_send_signal");
        Assert.Equal(PollEvents.POLLIN, Poll.Wait(process).OrThrow("poll") & PollEvents.POLLIN);
        WaitOutcome outcome = PidFds.Wait(process).OrThrow("waitid")!.Value;
        Assert.Equal(ExitStatus.Killed(Signal.SIGKILL), outcome.Status);
        Assert.Equal(ChildCode.CLD_KILLED, outcome.Code);
    }

    [Fact]
    public void Stopping_and_going_on_are_told()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        PidFd process = orphan.Process;
        PidFds.SendSignal(process, Signal.SIGSTOP).OrThrow("pidfd_send_signal");
        WaitOutcome stopped = PidFds.Wait(process, WaitOptions.WSTOPPED).OrThrow("waitid")!.Value;
        Assert.Equal(ChildCode.CLD_STOPPED, stopped.Code);
        Assert.Equal(Signal.SIGSTOP, stopped.StopSignal);
        Assert.False(stopped.Ended);
        PidFds.SendSignal(process, Signal.SIGCONT).OrThrow("pidfd_send_signal");
        Assert.Equal(
            ChildCode.CLD_CONTINUED,
            PidFds.Wait(process, WaitOptions.WCONTINUED).OrThrow("waitid")!.Value.Code
        );
        PidFds.SendSignal(process, Signal.SIGTERM).OrThrow("pidfd_send_signal");
        Assert.Equal(Signal.SIGTERM, PidFds.Wait(process).OrThrow("waitid")!.Value.Status.Signal);
    }

    [Fact]
    public void What_a_child_used_is_told()
    {
        using Orphan orphan = Orphan.Start("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
        PidFd process = orphan.Process;
        ResourceUsage usage = PidFds.Wait(process).OrThrow("waitid")!.Value.Usage;
        Assert.True(usage.CpuTime > TimeSpan.Zero);
        Assert.InRange(usage.PeakResidentBytes, 100_000, 1L << 30);
        Assert.True(usage.MinorFaults > 0);
    }

    [Fact]
    public void After_the_reaping_the_pidfd_still_knows_the_status_and_reaches_nobody()
    {
        using Orphan orphan = Orphan.Start("exit 9");
        PidFd process = orphan.Process;
        PidFds.Wait(process).OrThrow("waitid");
        Assert.Equal(Errno.ESRCH, PidFds.SendSignal(process, Signal.SIGTERM).Errno);
        Assert.Equal(Errno.ECHILD, PidFds.Wait(process).Errno);
        Assert.Equal(Errno.ESRCH, PidFds.GetProcessId(process).Errno);
        SysResult<ExitStatus?> status = PidFds.GetExitStatus(process);
        Assert.SkipUnless(status.Ok, "needs Linux 6.15");
        Assert.Equal(ExitStatus.Exited(9), status.Value);
    }

    [Fact]
    public void A_pidfd_knows_its_number_and_its_users()
    {
        using PidFd self = PidFds.Open(Processes.GetPid()).OrThrow("pidfd_open");
        Assert.Equal(Environment.ProcessId, PidFds.GetProcessId(self).OrThrow("read"));
        Assert.Null(PidFds.GetExitStatus(self).Value);
        SysResult<PidFdInfo> info = PidFds.GetInfo(self);
        Assert.SkipUnless(info.Ok, "needs Linux 6.13");
        Assert.Equal((uint)Environment.ProcessId, info.Value.ThreadGroupId);
        Assert.Equal((uint)Processes.GetParentPid(), info.Value.ParentId);
        Assert.Equal(Credentials.GetEffectiveUid(), info.Value.EffectiveUserId);
    }

    [Fact]
    public void A_descriptor_of_a_process_is_duplicated()
    {
        using PidFd self = PidFds.Open(Processes.GetPid()).OrThrow("pidfd_open");
        using PipePair pipe = Pipes.Create().OrThrow("pipe2");
        using FileFd copy = PidFds.GetFd(self, pipe.WriteEnd.Number).OrThrow("pidfd_getfd");
        Files.WriteAll(copy, "x"u8).OrThrow("write");
        byte[] buffer = new byte[4];
        Assert.Equal(1, Files.Read(pipe.ReadEnd, buffer).OrThrow("read"));
        Assert.Equal(Errno.EBADF, PidFds.GetFd(self, int.MaxValue).Errno);
    }

    [Fact]
    public void A_number_without_a_process_is_an_errno()
    {
        Assert.Equal(Errno.ESRCH, PidFds.Open(4_194_304).Errno);
        Assert.Equal(Errno.ECHILD, Processes.Wait(Processes.GetParentPid()).Errno);
        MissingCall.Run(
            Syscall.pidfd_open,
            Errno.ENOSYS,
            () => Assert.Equal(Errno.ENOSYS, PidFds.Open(Environment.ProcessId).Errno)
        );
    }

    [Theory]
    [InlineData("pos:\t0\nPid:\t42\nNSpid:\t42\n", 42)]
    [InlineData("Pid:\t-1\n", -1)]
    [InlineData("pos:\t0\n", null)]
    [InlineData("Pid:\t4x\n", null)]
    [InlineData("", null)]
    public void The_number_is_found_in_the_details(string text, int? number) =>
        Assert.Equal(number, PidFdDetails.ProcessIdIn(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_process_is_found_again_by_its_unique_id_until_it_is_reaped()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        ulong id = Files.StatX(orphan.Process, StatXMask.STATX_INO).OrThrow("statx").Inode;
        SysResult<PidFd> found = PidFds.OpenByUniqueId(id);
        Assert.SkipWhen(found.Errno == Errno.EOPNOTSUPP, "needs handles of pidfds (Linux 6.14)");
        using PidFd again = found.OrThrow("open_by_handle_at");
        Assert.Equal(orphan.ProcessId, PidFds.GetProcessId(again).OrThrow("number"));

        PidFds.SendSignal(again, Signal.SIGKILL).OrThrow("pidfd_send_signal");
        PidFds.Wait(orphan.Process).OrThrow("waitid");

        Assert.Equal(Errno.ESTALE, PidFds.OpenByUniqueId(id).Errno);
        Assert.Equal(Errno.ESTALE, PidFds.OpenByUniqueId(ulong.MaxValue - 1).Errno);
    }

    [Fact]
    public void A_kernel_without_handles_of_processes_says_so() =>
        MissingCall.Run(
            Syscall.name_to_handle_at,
            Errno.EOPNOTSUPP,
            () => Assert.Equal(Errno.EOPNOTSUPP, PidFds.OpenByUniqueId(1).Errno)
        );

    [Fact]
    public void What_the_kernel_can_tell_of_processes_is_told()
    {
        using PidFd self = PidFds.Open(Environment.ProcessId).OrThrow("pidfd_open");
        SysResult<PidFdInfoMask> told = PidFds.GetSupportedInfo(self);
        Assert.SkipUnless(told.Ok && told.Value != PidFdInfoMask.None, "needs PIDFD_INFO_SUPPORTED_MASK (Linux 6.19)");

        const PidFdInfoMask Known =
            PidFdInfoMask.PIDFD_INFO_PID | PidFdInfoMask.PIDFD_INFO_EXIT | PidFdInfoMask.PIDFD_INFO_SUPPORTED_MASK;
        Assert.Equal(Known, told.Value & Known);
        Assert.Null(PidFds.GetCoreDumpCode(self).OrThrow("ask"));
    }

    [Fact]
    public void This_process_needs_no_descriptor()
    {
        SysResult asked = PidFds.SendSignal(PidFds.Self, Signal.None);
        Assert.SkipWhen(asked.Errno == Errno.EBADF, "needs PIDFD_SELF (Linux 6.14)");

        asked.OrThrow("signal");
        PidFds.Self.Dispose();
        PidFds.SendSignal(PidFds.Self, Signal.None).OrThrow("signal again");
    }

    [Fact]
    public void A_core_dumps_signal_is_none_where_there_was_no_dump()
    {
        using PidFd self = PidFds.Open(Environment.ProcessId).OrThrow("open");
        SysResult<Signal> signal = PidFds.GetCoreDumpSignal(self);
        Assert.SkipWhen(signal.Errno is Errno.ENOTTY or Errno.EINVAL, "needs PIDFD_GET_INFO of Linux 6.16");
        Assert.Equal(Signal.None, signal.OrThrow("ask"));
    }
}
