using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Monitoring;

public sealed class ProgramExecutionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_child_executes_is_told_with_its_path()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        string program = $"{directory.Path}/program";
        File.Copy("/bin/true", program);
        IAsyncEnumerable<ProgramExecution> executions = Listening(program);
        await using ChildProcess child = ChildProcess.Start(new(program));

        await foreach (ProgramExecution execution in executions)
        {
            using (execution)
            {
                if (execution.Path == program)
                {
                    Assert.Equal(child.ProcessId, execution.ProcessId);
                    break;
                }
            }
        }

        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
    }

    [Fact]
    public void A_place_that_is_none_is_refused()
    {
        Require.Root();
        Assert.Throws<ArgumentException>(() => ProcessEvents.WatchExecutionsAsync("", Cancelled));
        Assert.Equal(
            Errno.ENOENT,
            Assert.Throws<KernelException>(() => ProcessEvents.WatchExecutionsAsync("/nowhere", Cancelled)).Errno
        );
    }

    private static IAsyncEnumerable<ProgramExecution> Listening(string path)
    {
        try
        {
            return ProcessEvents.WatchExecutionsAsync(path, Cancelled);
        }
        catch (KernelException e) when (e.Errno is Errno.ENOSYS or Errno.EINVAL or Errno.EXDEV or Errno.ENODEV)
        {
            Assert.Skip($"executions are not told on this kernel and file system ({e.Errno})");
            throw;
        }
    }
}
