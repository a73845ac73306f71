using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Security;

public sealed class ExecutionGateTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_executed_in_a_directory_is_decided_by_its_content()
    {
        using TemporaryDirectory directory = new();
        string allowed = Copy("/bin/true", directory.At("allowed"));
        string changed = Copy("/bin/true", directory.At("changed"));
        await File.AppendAllTextAsync(changed, "more", Cancelled);
        long length = new FileInfo(allowed).Length;
        List<(string Path, int Process)> asked = [];
        using ExecutionGate gate = Open(
            directory.Path,
            (request, _) =>
            {
                lock (asked)
                {
                    asked.Add((request.Path, request.ProcessId));
                }

                return ValueTask.FromResult((long)Files.StatX(request.File).OrThrow("statx").Size == length);
            }
        );

        await using ChildProcess child = ChildProcess.Start(new(allowed));
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
        Assert.Equal(Errno.EPERM, Assert.Throws<ProcessStartException>(() => ChildProcess.Start(new(changed))).Errno);

        Assert.Equal([allowed, changed], asked.Select(one => one.Path));
        Assert.Equal(child.ProcessId, asked[0].Process);
    }

    [Fact]
    public async Task Who_decides_may_start_what_is_guarded()
    {
        using TemporaryDirectory directory = new();
        string program = Copy("/bin/true", directory.At("program"));
        int depth = 0;
        using ExecutionGate gate = Open(
            directory.Path,
            async (_, cancelled) =>
            {
                if (Interlocked.Increment(ref depth) > 1)
                {
                    return true;
                }

                await using ChildProcess inner = ChildProcess.Start(new(program));
                return (await inner.WaitForExitAsync(cancelled)).Success;
            }
        );

        await using ChildProcess child = ChildProcess.Start(new(program));

        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
        Assert.Equal(2, depth);
    }

    [Fact]
    public void A_handler_that_throws_denies_and_is_told_of()
    {
        using TemporaryDirectory directory = new();
        string program = Copy("/bin/true", directory.At("program"));
        List<Exception> failures = [];
        using ExecutionGate gate = Open(
            program,
            (_, _) => throw new InvalidOperationException("no"),
            (_, failure) => failures.Add(failure)
        );

        Assert.Equal(Errno.EPERM, Assert.Throws<ProcessStartException>(() => ChildProcess.Start(new(program))).Errno);
        Assert.Equal("no", Assert.Single(failures).Message);
    }

    [Fact]
    public async Task What_waits_when_the_gate_ends_is_allowed()
    {
        using TemporaryDirectory directory = new();
        string program = Copy("/bin/true", directory.At("program"));
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ExecutionGate gate = Open(
            program,
            async (_, cancelled) =>
            {
                asked.TrySetResult();
                return await new TaskCompletionSource<bool>().Task.WaitAsync(cancelled);
            }
        );
        Task<ChildProcess> starting = Task.Run(() => ChildProcess.Start(new(program)), Cancelled);
        await asked.Task.WaitAsync(Cancelled);

        gate.Dispose();
        gate.Dispose();

        await using ChildProcess child = await starting;
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
    }

    [Fact]
    public void What_cannot_be_guarded_is_refused()
    {
        ExecutionHandler handler = (_, _) => ValueTask.FromResult(true);
        Assert.Throws<ArgumentException>(() => ExecutionGate.Open("", FanotifyScope.FAN_MARK_INODE, handler));
        Assert.Throws<ArgumentException>(() => ExecutionGate.Open("/", (FanotifyScope)7, handler));
        Assert.Throws<ArgumentNullException>(() => ExecutionGate.Open("/", FanotifyScope.FAN_MARK_INODE, null!));
        Require.Root();
        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => Open("/nowhere", handler)).Errno);
    }

    private static string Copy(string from, string to)
    {
        File.Copy(from, to);
        return to;
    }

    private static ExecutionGate Open(
        string path,
        ExecutionHandler handler,
        Action<ExecutionRequest, Exception>? failed = null
    )
    {
        Require.Root();
        try
        {
            return ExecutionGate.Open(path, FanotifyScope.FAN_MARK_INODE, handler, failed);
        }
        catch (KernelException e) when (e.Errno is Errno.ENOSYS or Errno.EINVAL)
        {
            Assert.Skip($"executions are not asked about on this kernel ({e.Errno})");
            throw;
        }
    }
}
