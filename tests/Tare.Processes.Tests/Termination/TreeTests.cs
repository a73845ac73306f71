using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Termination;

public sealed class TreeTests
{
    private const string Daemons = """
        # Each daemon forks twice, leads a session of its own, ignores what it can.
        for i in 1 2 3; do
          sh -c 'trap "" TERM HUP INT; setsid sh -c "trap \"\" TERM HUP INT; echo up; exec sleep 1000" & exit' &
        done
        wait
        trap "" TERM
        while :; do sleep 1000; done
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Daemons_that_forked_twice_are_killed_with_the_tree_that_keeps_its_descendants()
    {
        await using ChildProcess child = Start(Daemons, keeps: true);
        using StreamReader output = new(child.StandardOutput!);
        List<ProcessHandle> daemons = await DaemonsAsync(child, output, 3);

        Assert.True(child.KillTree());

        Assert.All(daemons, daemon => Assert.True(daemon.HasExited));
        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
        Assert.Equal("", await output.ReadToEndAsync(Cancelled));
        daemons.ForEach(daemon => daemon.Dispose());
    }

    [Fact]
    public async Task Daemons_are_killed_with_their_cgroup()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create();
        await using ChildProcess child = Start(Daemons, keeps: false, group);
        using StreamReader output = new(child.StandardOutput!);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("up", await output.ReadLineAsync(Cancelled));
        }

        Assert.True(child.KillTree());

        Assert.Empty(group.Processes);
        Assert.Equal("", await output.ReadToEndAsync(Cancelled));
    }

    [Fact]
    public async Task A_group_of_several_starts_is_not_killed_for_one_of_them()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create();
        await using ChildProcess other = ChildProcess.Start(new("sleep", "1000") { ControlGroup = group });
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "sleep 1000 & wait") { ControlGroup = group }
        );

        Assert.True(child.KillTree());

        Assert.False(other.HasExited);
        Assert.Equal([other.ProcessId], group.Processes);
        other.Kill();
        await other.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public async Task A_fork_bomb_is_killed_whole_without_its_cgroup()
    {
        Require.Root();

        // The group only keeps the machine alive: with a second member it is not what kills the tree.
        using ControlGroup group = ControlGroup.Create(new() { ProcessesMax = 60 });
        await using ChildProcess keeper = ChildProcess.Start(new("sleep", "1000") { ControlGroup = group });
        await using ChildProcess bomb = ChildProcess.Start(
            new("sh", "-c", "sh -c 'b() { b | b & }; b; while :; do b; done' & read x")
            {
                // A shell that cannot fork ends, and the first must stay: it makes the bomb and nothing else.
                ControlGroup = group,
                StandardInput = ChildStream.Pipe,
                StandardError = ChildStream.Null,
                NewSession = true,
                KeepDescendants = true,
            }
        );
        while (group.ReadUsage().RefusedProcesses is null or 0)
        {
            await Task.Yield();
        }

        Assert.True(bomb.KillTree());

        await bomb.WaitForExitAsync(Cancelled);
        while (group.Processes.Count > 1)
        {
            // What was killed is counted until init has reaped it; nothing in it can fork any more.
            Assert.All(
                group.Processes.Where(process => process != keeper.ProcessId),
                process => Assert.True(ProcStat.Read(process) is { Ok: false } or { Value.HasEnded: true })
            );
        }

        Assert.False(keeper.HasExited);
        keeper.Kill();
        await keeper.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public async Task A_tree_that_stopped_itself_is_killed()
    {
        await using ChildProcess child = Start("sh -c 'echo up; kill -STOP $$' & echo up; kill -STOP $$", keeps: true);
        using StreamReader output = new(child.StandardOutput!);
        await output.ReadLineAsync(Cancelled);
        await output.ReadLineAsync(Cancelled);

        Assert.True(child.KillTree());

        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
        Assert.Equal("", await output.ReadToEndAsync(Cancelled));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_ends_when_asked_is_not_killed_and_who_does_not_is(bool inGroup)
    {
        if (inGroup)
        {
            Require.Root();
        }

        using ControlGroup? group = inGroup ? ControlGroup.Create() : null;
        await using ChildProcess child = Start(
            "sh -c 'trap \"\" TERM; echo up; while :; do sleep 1000; done' & trap 'exit 7' TERM; echo up; wait; wait",
            keeps: true,
            group
        );
        using StreamReader output = new(child.StandardOutput!);
        await output.ReadLineAsync(Cancelled);
        await output.ReadLineAsync(Cancelled);

        ProcessExit exit = await child.StopTreeAsync(TimeSpan.FromMilliseconds(300), cancellationToken: Cancelled);

        Assert.Equal(7, exit.ExitCode);
        Assert.Equal("", await output.ReadToEndAsync(Cancelled));
    }

    [Fact]
    public async Task The_first_to_end_is_told_and_the_order_of_all()
    {
        ChildProcess[] children =
        [
            .. Enumerable
                .Range(0, 20)
                .Select(i =>
                    ChildProcess.Start(new("sh", "-c", $"read x; exit {i}") { StandardInput = ChildStream.Pipe })
                ),
        ];
        Task<ChildProcess> first = ChildProcess.WaitForAnyAsync(children, Cancelled);
        children[7].StandardInput!.Dispose();
        Assert.Same(children[7], await first);

        List<int?> codes = [];
        int next = 0;
        await foreach (ChildProcess ended in ChildProcess.WaitForEachAsync(children, Cancelled))
        {
            codes.Add((await ended.WaitForExitAsync(Cancelled)).ExitCode);
            next += next == 7 ? 1 : 0;
            if (next < children.Length)
            {
                children[next++].StandardInput!.Dispose();
            }
        }

        Assert.Equal([7, 0, 1, 2, 3, 4, 5, 6, .. Enumerable.Range(8, 12)], codes.Select(code => code!.Value));
        Assert.Equal(20, (await ChildProcess.WaitForAllAsync(children, Cancelled)).Length);
        Array.ForEach(children, child => child.Dispose());
    }

    [Fact]
    public async Task Stopping_and_going_on_is_told()
    {
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000"));
        await using IAsyncEnumerator<ChildStateChange> changes = child
            .WatchStatesAsync(Cancelled)
            .GetAsyncEnumerator(Cancelled);

        child.Signal(Signal.SIGSTOP);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(new ChildStateChange(true, Signal.SIGSTOP), changes.Current);
        child.Signal(Signal.SIGCONT);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(new ChildStateChange(false, Signal.SIGCONT), changes.Current);
        child.Kill();

        Assert.False(await changes.MoveNextAsync());
        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
    }

    [Fact]
    public void Bad_arguments_are_found_first()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessHandle.Open(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessHandle.OpenThread(-1));
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        Assert.Throws<ArgumentOutOfRangeException>(() => self.Signal((Signal)65));
        Assert.Throws<ArgumentOutOfRangeException>(() => self.Signal(Signal.None, (SignalScope)3));
    }

    private static ChildProcess Start(string words, bool keeps, ControlGroup? group = null) =>
        ChildProcess.Start(
            new("sh", "-c", words)
            {
                StandardOutput = ChildStream.Pipe,
                KeepDescendants = keeps,
                ControlGroup = group,
            }
        );

    // They say that they are there; by then they are children of the process that keeps them, or soon will be.
    private static async Task<List<ProcessHandle>> DaemonsAsync(ChildProcess keeper, StreamReader output, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.Equal("up", await output.ReadLineAsync(Cancelled));
        }

        while (true)
        {
            using DirectoryFd process = ProcDirectory.Open(keeper.ProcessId).OrThrow("open");
            int[] sleeping =
            [
                .. ProcDirectory
                    .Children(process)
                    .OrThrow("list")
                    .Where(child =>
                        ProcStat.Read(child) is { Ok: true, Value: { Command: "sleep" } stat } && stat.Session == child
                    ),
            ];
            if (sleeping.Length == count)
            {
                return [.. sleeping.Select(ProcessHandle.Open)];
            }

            await Task.Yield();
        }
    }
}
