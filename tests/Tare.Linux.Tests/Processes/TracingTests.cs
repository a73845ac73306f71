using System.Runtime.CompilerServices;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class TracingTests
{
    [Fact]
    public void A_process_is_seized_interrupted_and_let_go()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        int id = orphan.ProcessId;
        while (ProcStat.Read(id).OrThrow("read stat") is not { Command: "sleep", State: 'S' })
        {
            Thread.Yield();
        }

        OwnThread.Run(() =>
        {
            Tracing.Seize(id).OrThrow("seize");
            Assert.Equal(Errno.ESRCH, Tracing.GetSystemCall(id).Errno);
            Tracing.Interrupt(id).OrThrow("interrupt");
            Assert.Equal((TraceEvent.PTRACE_EVENT_STOP, false, Signal.SIGTRAP), Tracing.StopOf(Stop(id)));

            // sleep sleeps: it was stopped in its call, which is told as the number that it was made with.
            Tracing.ContinueToSystemCall(id).OrThrow("continue");
            TracedCall call = NextCall(id, TracedCallStop.Entry);
            Assert.Contains(
                (int)call.Number,
                new[] { Syscall.clock_nanosleep, Syscall.restart_syscall }.Select(Number)
            );
            Tracing.Detach(id).OrThrow("detach");
            Assert.Equal(Errno.ESRCH, Tracing.Interrupt(id).Errno);
        });
    }

    [Fact]
    public void The_calls_of_a_process_and_their_results_are_told()
    {
        using Orphan orphan = Orphan.Start("kill -STOP $$; cd /nowhere; exit 3");
        int id = orphan.ProcessId;
        PidFds.Wait(orphan.Process, WaitOptions.WSTOPPED).OrThrow("waitid");
        OwnThread.Run(() =>
        {
            Tracing.Seize(id).OrThrow("seize");
            PidFds.SendSignal(orphan.Process, Signal.SIGCONT).OrThrow("signal");
            Tracing.Interrupt(id).OrThrow("interrupt");
            List<(int Number, Errno Errno)> calls = [];
            TracedCall entry = default;
            while (Wait(id) is { Ended: false } stopped)
            {
                (_, bool isCall, Signal signal) = Tracing.StopOf(stopped);
                if (isCall)
                {
                    TracedCall call = Tracing.GetSystemCall(id).OrThrow("ask");
                    if (call.Stop == TracedCallStop.Exit)
                    {
                        calls.Add(((int)entry.Number, call.IsError != 0 ? (Errno)(int)-call.Result : Errno.None));
                    }

                    entry = call;
                }

                Tracing
                    .ContinueToSystemCall(id, isCall || signal == Signal.SIGTRAP ? Signal.None : signal)
                    .OrThrow("continue");
            }

            Assert.Contains((Number(Syscall.chdir), Errno.ENOENT), calls);
            Assert.Equal(Number(Syscall.exit_group), (int)entry.Number);
            Assert.Equal(3ul, entry.Arguments[0]);
        });
    }

    [Fact]
    public void A_call_is_changed()
    {
        using Orphan orphan = Orphan.Start("kill -STOP $$; exit 3");
        int id = orphan.ProcessId;
        PidFds.Wait(orphan.Process, WaitOptions.WSTOPPED).OrThrow("waitid");
        OwnThread.Run(() =>
        {
            Tracing.Seize(id).OrThrow("seize");
            PidFds.SendSignal(orphan.Process, Signal.SIGCONT).OrThrow("signal");
            Tracing.Interrupt(id).OrThrow("interrupt");
            Stop(id);
            Tracing.ContinueToSystemCall(id).OrThrow("continue");
            while (true)
            {
                TracedCall call = NextCall(id, TracedCallStop.Entry);
                if ((int)call.Number == Number(Syscall.exit_group))
                {
                    call.Arguments[0] = 7;
                    SysResult changed = Tracing.SetSystemCall(id, call);
                    Assert.SkipWhen(changed.Errno == Errno.EIO, "needs PTRACE_SET_SYSCALL_INFO (Linux 6.16)");
                    changed.OrThrow("change");
                    break;
                }

                Tracing.ContinueToSystemCall(id).OrThrow("continue");
            }

            Tracing.Continue(id).OrThrow("continue");
            Assert.Equal(ExitStatus.Exited(7), Wait(id).Status);
        });
    }

    [Fact]
    public void A_process_is_traced_by_one_only()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        OwnThread.Run(() =>
        {
            Tracing.Seize(orphan.ProcessId).OrThrow("seize");
            OwnThread.Run(() => Assert.Equal(Errno.EPERM, Tracing.Seize(orphan.ProcessId).Errno));
        });
        Assert.Equal(Errno.ESRCH, Tracing.Seize(int.MaxValue).Errno);
        Assert.Equal(88, Unsafe.SizeOf<TracedCall>());
    }

    private static int Number(Syscall call) =>
        SyscallTable.Number(
            call,
            System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64
                ? CpuArchitecture.Arm64
                : CpuArchitecture.X64
        );

    private static WaitOutcome Wait(int id) =>
        Processes.Wait(id, WaitOptions.WEXITED | WaitOptions.WSTOPPED | WaitOptions.__WALL).OrThrow("wait")!.Value;

    // The stop that was asked for, not one of a signal before.
    private static WaitOutcome Stop(int id)
    {
        while (true)
        {
            WaitOutcome outcome = Wait(id);
            (TraceEvent why, _, Signal signal) = Tracing.StopOf(outcome);
            if (outcome.Ended || why == TraceEvent.PTRACE_EVENT_STOP && signal == Signal.SIGTRAP)
            {
                return outcome;
            }

            Tracing.Continue(id).OrThrow("continue");
        }
    }

    private static TracedCall NextCall(int id, TracedCallStop where)
    {
        while (true)
        {
            WaitOutcome outcome = Wait(id);
            Assert.False(outcome.Ended);
            if (Tracing.StopOf(outcome).IsSystemCall)
            {
                TracedCall call = Tracing.GetSystemCall(id).OrThrow("ask");
                if (call.Stop == where)
                {
                    return call;
                }
            }

            Tracing.ContinueToSystemCall(id).OrThrow("continue");
        }
    }
}
