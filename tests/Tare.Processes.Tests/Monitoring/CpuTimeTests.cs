using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Monitoring;

public sealed class CpuTimeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_works_reaches_its_time()
    {
        await using ChildProcess child = ChildProcess.Start(new("sh", "-c", "while :; do :; done"));
        using PidFd process = PidFds.Open(child.ProcessId).OrThrow("open");
        TimeSpan total = TimeSpan.FromMilliseconds(50);

        Assert.True(await ProcessMonitor.WaitForCpuTimeAsync(process, total, Cancelled));

        Assert.True(ProcessClocks.CpuTime(child.ProcessId).OrThrow("clock") >= total);
        PidFds.SendSignal(process, Signal.SIGKILL).OrThrow("kill");
        await child.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public async Task A_process_that_ends_before_does_not()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "read line") { StandardInput = ChildStream.Pipe }
        );
        using PidFd process = PidFds.Open(child.ProcessId).OrThrow("open");
        Task<bool> waiting = ProcessMonitor.WaitForCpuTimeAsync(process, TimeSpan.FromHours(1), Cancelled);
        Assert.False(waiting.IsCompleted);

        child.StandardInput!.Dispose();

        await child.WaitForExitAsync(Cancelled);
        try
        {
            Assert.False(await waiting);
        }
        catch (KernelException e) when (e.Errno == Errno.ESRCH)
        {
            // It was gone before the wait had begun.
        }
    }

    [Fact]
    public async Task A_wait_is_given_up()
    {
        using PidFd own = PidFds.Open(Environment.ProcessId).OrThrow("open");
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task<bool> waiting = ProcessMonitor.WaitForCpuTimeAsync(own, TimeSpan.FromDays(1), over.Token);

        await over.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            ProcessMonitor.WaitForCpuTimeAsync(own, TimeSpan.Zero, Cancelled)
        );
    }
}
