using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Communication;

public sealed class SignalTests
{
    private static readonly Signal RealTime = (Signal)45;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signal_says_who_sent_it_and_what_came_along()
    {
        using SignalStream signals = SignalStream.Open(RealTime);
        using PidFd self = PidFds.Open(Environment.ProcessId).OrThrow("open");

        PidFds.SendSignal(self, RealTime, -7).OrThrow("send");
        SignalDetails queued = (await signals.ReadAsync(Cancelled))!.Value;
        await using ChildProcess child = ChildProcess.Start(new("sh", "-c", $"kill -45 $PPID; exit 0"));
        SignalDetails killed = (await signals.ReadAsync(Cancelled))!.Value;

        uint user = Tare.Linux.Credentials.GetResUid().Real;
        Assert.Equal(new(RealTime, SignalOrigin.SI_QUEUE, Environment.ProcessId, user, -7), queued);
        Assert.Equal(new(RealTime, SignalOrigin.SI_USER, child.ProcessId, user, 0), killed);
    }

    [Fact]
    public async Task Each_stream_gets_the_signal_until_it_is_disposed()
    {
        using SignalStream first = SignalStream.Open(Signal.SIGUSR2);
        SignalStream second = SignalStream.Open(Signal.SIGUSR2, Signal.SIGUSR1);
        Send(Signal.SIGUSR2);
        Assert.Equal(Signal.SIGUSR2, (await first.ReadAsync(Cancelled))!.Value.Signal);
        Assert.Equal(Signal.SIGUSR2, (await second.ReadAsync(Cancelled))!.Value.Signal);

        second.Dispose();
        Send(Signal.SIGUSR2);

        Assert.Equal(Signal.SIGUSR2, (await first.ReadAsync(Cancelled))!.Value.Signal);
        Assert.Null(await second.ReadAsync(Cancelled));
    }

    [Fact]
    public async Task The_runtimes_own_handler_runs_too()
    {
        TaskCompletionSource handled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration registration = PosixSignalRegistration.Create(
            PosixSignal.SIGWINCH,
            _ => handled.TrySetResult()
        );
        using SignalStream signals = SignalStream.Open(Signal.SIGWINCH);

        Send(Signal.SIGWINCH);

        Assert.Equal(Signal.SIGWINCH, (await signals.ReadAsync(Cancelled))!.Value.Signal);
        await handled.Task.WaitAsync(Cancelled);
    }

    [Fact]
    public async Task Dotnets_processes_are_waited_for_while_SIGCHLD_is_read()
    {
        using SignalStream signals = SignalStream.Open(Signal.SIGCHLD);

        Assert.Equal(0, Fixtures.Tool.Run("true").ExitCode);

        SignalDetails signal = (await signals.ReadAsync(Cancelled))!.Value;
        Assert.Equal(Signal.SIGCHLD, signal.Signal);
        Assert.True(signal.ProcessId > 0);
    }

    [Fact]
    public async Task No_real_time_signal_is_lost_while_threads_work()
    {
        const int Count = 2000;
        using SignalStream signals = SignalStream.Open(RealTime);
        using PidFd self = PidFds.Open(Environment.ProcessId).OrThrow("open");
        Task sending = Task.Run(
            () =>
            {
                for (int i = 0; i < Count; i++)
                {
                    // Too many wait already: the next round.
                    while (PidFds.SendSignal(self, RealTime, i).Errno == Errno.EAGAIN)
                    {
                        Thread.Yield();
                    }
                }
            },
            Cancelled
        );

        HashSet<int> values = [];
        await foreach (SignalDetails signal in signals.ReadAllAsync(Cancelled))
        {
            values.Add(signal.Value);
            if (values.Count == Count)
            {
                break;
            }
        }

        await sending;
        Assert.Equal(Count, values.Count);
    }

    [Theory]
    [InlineData(Signal.SIGKILL)]
    [InlineData(Signal.SIGSEGV)]
    [InlineData((Signal)34)]
    [InlineData(Signal.None)]
    [InlineData((Signal)65)]
    public void What_cannot_be_read_is_refused(Signal signal) =>
        Assert.Throws<ArgumentException>(() => SignalStream.Open(signal));

    [Fact]
    public async Task A_child_gets_the_value()
    {
        string python = Fixtures.Require.Program("python3");
        await using ChildProcess child = ChildProcess.Start(
            new(
                python,
                "-c",
                """
                import signal, sys
                signal.pthread_sigmask(signal.SIG_BLOCK, [45])
                print('ready', flush=True)
                info = signal.sigwaitinfo([45])
                print(info.si_code, info.si_pid, flush=True)
                """
            )
            {
                StandardOutput = ChildStream.Pipe,
            }
        );
        using StreamReader reader = new(child.StandardOutput!);
        Assert.Equal("ready", await reader.ReadLineAsync(Cancelled));

        Assert.True(child.Signal(RealTime, 42));

        Assert.Equal($"-1 {Environment.ProcessId}", await reader.ReadLineAsync(Cancelled));
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
        Assert.False(child.Signal(RealTime, 42));
        Assert.Throws<ArgumentOutOfRangeException>(() => child.Signal(Signal.None, 1));
    }

    private static void Send(Signal signal) => Tare.Linux.Processes.Kill(Environment.ProcessId, signal).OrThrow("kill");
}
