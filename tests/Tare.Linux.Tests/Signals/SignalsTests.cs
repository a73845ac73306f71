using CsCheck;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class SignalsTests
{
    [Fact]
    public void A_set_holds_what_was_put_in() =>
        Gen.Int[1, 64]
            .Array.Sample(numbers =>
            {
                SignalSet set = SignalSet.Of([.. numbers.Select(n => (Signal)n)]);
                bool all = Enumerable.Range(1, 64).All(n => set.Contains((Signal)n) == numbers.Contains(n));
                List<Signal> listed = [];
                foreach (Signal signal in set)
                {
                    listed.Add(signal);
                }

                all &= listed.SequenceEqual(numbers.Distinct().Order().Select(n => (Signal)n));
                foreach (int number in numbers)
                {
                    set = set.Without((Signal)number);
                }

                return all && set == SignalSet.Empty;
            });

    [Fact]
    public void Numbers_beyond_the_set_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalSet.Empty.With(Signal.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalSet.Empty.With((Signal)65));
        Assert.False(SignalSet.Full.Contains((Signal)65));
    }

    [Fact]
    public void The_ignored_signals_are_those_that_procfs_shows()
    {
        SignalSet ignored = Signals.GetIgnored();

        Assert.True(ignored.Contains(Signal.SIGPIPE), "the runtime ignores it, or this shows little");
        Assert.Equal(ProcStatus.ReadOwn().OrThrow("status").IgnoredSignals, ignored);
    }

    [Fact]
    public void Names_and_numbers_are_the_same_signals() =>
        Gen.Int[1, 64]
            .Where(n => n is not (32 or 33))
            .Sample(number =>
            {
                string name = SignalNames.NameOf((Signal)number);
                return name.StartsWith("SIG", StringComparison.Ordinal)
                    && SignalNames.TryParse(name, out Signal parsed)
                    && (int)parsed == number
                    && SignalNames.TryParse(name[3..].ToLowerInvariant(), out parsed)
                    && (int)parsed == number
                    && SignalNames.TryParse($"{number}", out parsed)
                    && (int)parsed == number;
            });

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("SIG")]
    [InlineData("SIGNONE")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMAX+1")]
    [InlineData("RTMAX-")]
    public void What_is_no_signal_is_not_parsed(string text) => Assert.False(SignalNames.TryParse(text, out _));

    [Theory]
    [InlineData("SIGTERM", 15)]
    [InlineData("kill", 9)]
    [InlineData("RTMAX-3", 61)]
    [InlineData("SIGRTMIN+2", 36)]
    [InlineData("cld", 17)]
    public void People_write_signals_in_many_ways(string text, int number)
    {
        Assert.True(SignalNames.TryParse(text, out Signal signal));
        Assert.Equal(number, (int)signal);
    }

    [Fact]
    public void The_mask_is_the_threads_and_comes_back() =>
        OwnThread.Run(() =>
        {
            SignalSet before = Signals.SetMask(SignalMaskHow.SIG_BLOCK, SignalSet.Full).OrThrow("rt_sigprocmask");
            SignalSet blocked = Signals.GetMask();
            Assert.True(blocked.Contains(Signal.SIGTERM));
            Assert.False(blocked.Contains(Signal.SIGKILL));
            Assert.Equal(blocked, ProcStatus.ReadOwn().OrThrow("read").BlockedSignals);
            Signals.SetMask(SignalMaskHow.SIG_SETMASK, before).OrThrow("rt_sigprocmask");
            Assert.Equal(before, Signals.GetMask());
        });

    [Fact]
    public void A_blocked_signal_is_read_as_data() =>
        OwnThread.Run(() =>
        {
            SignalSet set = SignalSet.Of(Signal.SIGURG);
            Signals.SetMask(SignalMaskHow.SIG_BLOCK, set).OrThrow("rt_sigprocmask");
            using SignalFd source = Signals.Open(set, nonBlocking: true).OrThrow("signalfd4");
            Assert.Equal(Errno.EAGAIN, Signals.Read(source).Errno);
            Interop
                .Result(
                    Interop.Call(Syscall.tgkill, Processes.GetPid(), Processes.GetThreadId(), (nint)(int)Signal.SIGURG)
                )
                .OrThrow("tgkill");
            SignalFdInfo info = Signals.Read(source).OrThrow("read");
            Assert.Equal(Signal.SIGURG, info.Signal);
            Assert.Equal((uint)Environment.ProcessId, info.ProcessId);
        });
}
