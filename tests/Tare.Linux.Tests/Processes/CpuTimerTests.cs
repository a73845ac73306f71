using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class CpuTimerTests
{
    [Fact]
    public void A_timer_expires_when_a_process_has_worked_long_enough()
    {
        using Orphan orphan = Orphan.Start("while :; do :; done");
        OwnThread.Run(() =>
        {
            SignalSet urgent = SignalSet.Of(Signal.SIGURG);
            Signals.SetMask(SignalMaskHow.SIG_BLOCK, urgent).OrThrow("mask");
            using SignalFd signals = Signals.Open(urgent).OrThrow("signalfd");
            using CpuTimer timer = CpuTimer
                .Create(orphan.ProcessId, Signal.SIGURG, Processes.GetThreadId())
                .OrThrow("timer_create");
            Assert.Equal(TimeSpan.Zero, timer.Remaining().OrThrow("timer_gettime"));
            TimeSpan until = ProcessClocks.CpuTime(orphan.ProcessId).OrThrow("clock") + TimeSpan.FromMilliseconds(30);

            timer.ExpireAt(until).OrThrow("timer_settime");

            Assert.Equal(Signal.SIGURG, Signals.Read(signals).OrThrow("read").Signal);
            Assert.True(ProcessClocks.CpuTime(orphan.ProcessId).OrThrow("clock") >= until);
            timer.ExpireAfter(TimeSpan.FromHours(1)).OrThrow("timer_settime");
            Assert.InRange(timer.Remaining().Value, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        });
    }

    [Fact]
    public void A_process_that_is_not_there_has_no_timer()
    {
        Assert.Equal(Errno.EINVAL, CpuTimer.Create(int.MaxValue >> 4, Signal.SIGURG, Environment.ProcessId).Errno);
        Assert.Equal(64, System.Runtime.CompilerServices.Unsafe.SizeOf<SignalEvent>());
        Assert.Equal(32, System.Runtime.CompilerServices.Unsafe.SizeOf<TimerTimes>());
    }
}
