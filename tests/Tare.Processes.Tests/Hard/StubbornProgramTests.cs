using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Hard;

/// <summary>Programs that do not do what one would like.</summary>
public sealed class StubbornProgramTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_that_stopped_itself_is_waited_for_and_stopped()
    {
        await using ChildProcess child = ChildProcess.Start(new("sh", "-c", "kill -STOP $$"));
        await using IAsyncEnumerator<ChildStateChange> changes = child
            .WatchStatesAsync(Cancelled)
            .GetAsyncEnumerator(Cancelled);
        Assert.True(await changes.MoveNextAsync());
        Assert.False(child.HasExited);
        Assert.Null(child.WaitForExit(TimeSpan.Zero));

        ProcessExit exit = await child.StopAsync(TimeSpan.FromMilliseconds(20), cancellationToken: Cancelled);

        Assert.Equal(Signal.SIGKILL, exit.Status.Signal);
    }

    [Fact]
    public async Task A_pipe_that_a_grandchild_holds_ends_with_it_and_not_with_the_program()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "sh -c 'echo early; cat <&3; echo late' & exit 4")
            {
                StandardOutput = ChildStream.Pipe,
                Descriptors = System.Collections.Immutable.ImmutableDictionary<int, FileDescriptor>.Empty.Add(
                    3,
                    Read(out PipePair gate)
                ),
            }
        );
        gate.ReadEnd.Dispose();

        Assert.Equal(4, (await child.WaitForExitAsync(Cancelled)).ExitCode);
        using StreamReader output = new(child.StandardOutput!);
        Assert.Equal("early", await output.ReadLineAsync(Cancelled));
        gate.WriteEnd.Dispose();
        Assert.Equal("late\n", await output.ReadToEndAsync(Cancelled));
    }

    [Fact]
    public async Task A_program_that_closes_its_pipes_first_is_waited_for_all_the_same()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "exec >&- 2>&-; read x; exit 6")
            {
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Pipe,
                StandardError = ChildStream.Pipe,
            }
        );

        Assert.Equal(0, await child.StandardOutput!.ReadAsync(new byte[1], Cancelled));
        Assert.Equal(0, await child.StandardError!.ReadAsync(new byte[1], Cancelled));
        Assert.False(child.HasExited);
        child.StandardInput!.Dispose();

        Assert.Equal(6, (await child.WaitForExitAsync(Cancelled)).ExitCode);
    }

    [Fact]
    public async Task A_program_that_does_not_read_does_not_hold_up_its_writer()
    {
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000") { StandardInput = ChildStream.Pipe });
        Task writing = child.StandardInput!.WriteAsync(new byte[1 << 22], Cancelled).AsTask();
        Assert.False(writing.IsCompleted);

        child.Kill();

        await Assert.ThrowsAnyAsync<IOException>(() => writing);
        await child.WaitForExitAsync(Cancelled);
    }

    [Theory]
    [InlineData("strace", "-o", "/dev/null", "-p")]
    [InlineData("gdb", "-q", "-nx", "-batch-silent", "-ex", "continue", "-p")]
    public async Task A_program_is_waited_for_and_killed_with_a_debugger_attached(
        string debugger,
        params string[] arguments
    )
    {
        Require.Program(debugger);
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "sleep 1000 & while :; do wait; done") { KeepDescendants = true }
        );
        await using ChildProcess tracer = ChildProcess.Start(
            new(debugger, [.. arguments, child.ProcessId.ToString()])
            {
                StandardInput = ChildStream.Null,
                StandardOutput = ChildStream.Null,
                StandardError = ChildStream.Null,
                KeepDescendants = true,
            }
        );
        while (ProcStatus.Read(child.ProcessId).OrThrow("read").TracerId == 0)
        {
            Assert.False(tracer.HasExited, "the debugger could not attach");
            await Task.Yield();
        }

        Assert.True(child.KillTree());

        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
        tracer.KillTree();
        await tracer.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public async Task A_program_that_a_debugger_holds_still_is_killed()
    {
        string debugger = Require.Program("gdb");
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000"));

        // It stops the program and then waits for words that do not come.
        await using ChildProcess tracer = ChildProcess.Start(
            new(debugger, "-q", "-nx", "-p", child.ProcessId.ToString())
            {
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Null,
                StandardError = ChildStream.Null,
                KeepDescendants = true,
            }
        );
        while (ProcStat.Read(child.ProcessId).OrThrow("read").State != 't')
        {
            Assert.False(tracer.HasExited, "the debugger could not attach");
            await Task.Yield();
        }

        Assert.False(child.HasExited);
        Assert.True(child.KillTree());
        tracer.KillTree();

        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
        await tracer.WaitForExitAsync(Cancelled);
    }

    private static PipeFd Read(out PipePair pipe)
    {
        pipe = Pipes.Create().OrThrow("make a pipe");
        return pipe.ReadEnd;
    }
}
