using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Resources;

public sealed class ControlGroupTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void To_start_in_a_group_that_was_disposed_is_a_bad_argument()
    {
        Require.Root();
        ControlGroup group = ControlGroup.Create();
        group.Dispose();

        Assert.Throws<ArgumentException>(
            nameof(ProcessStartOptions.ControlGroup),
            () => ChildProcess.Start(new("true") { ControlGroup = group })
        );
    }

    [Fact]
    public async Task A_program_is_in_its_group_from_its_first_instruction()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create();

        await using ChildProcess child = ChildProcess.Start(
            new("cat", "/proc/self/cgroup") { ControlGroup = group, StandardOutput = ChildStream.Pipe }
        );
        using StreamReader reader = new(child.StandardOutput!);
        string memberships = await reader.ReadToEndAsync(Cancelled);
        await child.WaitForExitAsync(Cancelled);

        Assert.Equal(
            group.Directories.Count,
            memberships.Split('\n').Count(line => line.EndsWith(group.Name, StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_fork_bomb_stops_at_the_limit_and_is_killed_whole()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create(new() { ProcessesMax = 40 });
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "b() { b | b & }; b; wait; while :; do b; done")
            {
                ControlGroup = group,
                StandardError = ChildStream.Null,
                NewSession = true,
            }
        );
        while (group.ReadUsage().RefusedProcesses is null or 0)
        {
            await Task.Yield();
        }

        Assert.True(group.Kill());
        await child.WaitForExitAsync(Cancelled);

        Assert.Empty(group.Processes);
        Assert.True(group.ReadUsage().PeakProcesses is null or <= 40);
    }

    [Fact]
    public async Task A_memory_bomb_is_killed_and_counted()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create(new() { MemoryMax = 16 << 20, SwapMax = 0 });
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "x=0123456789abcdef; while :; do x=$x$x; done") { ControlGroup = group }
        );

        ProcessExit exit = await child.WaitForExitAsync(Cancelled);

        Assert.Equal(Signal.SIGKILL, exit.Status.Signal);
        Assert.True(group.ReadUsage().OomKills >= 1);
        Assert.True(group.ReadUsage().PeakMemory <= 16 << 20);
    }

    [Fact]
    public async Task Frozen_processes_stand_still()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create();
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "while :; do :; done") { ControlGroup = group }
        );

        group.Freeze();
        ulong before = ProcStat.Read(child.ProcessId).OrThrow("read stat").UserTicks;
        Assert.True(group.IsFrozen);
        ulong after = ProcStat.Read(child.ProcessId).OrThrow("read stat").UserTicks;
        group.Thaw();

        Assert.Equal(before, after);
        Assert.False(group.IsFrozen);
        child.Kill();
        await child.WaitForExitAsync(Cancelled);
        await group.WaitUntilEmptyAsync(Cancelled);
    }

    [Fact]
    public void Limits_change_while_processes_run()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create(new() { ProcessesMax = 10, MemoryMax = 64 << 20 });

        group.Apply(new() { ProcessesMax = 20, MemoryMax = 32 << 20 });

        Assert.Equal("20", group.Read("pids.max")!.Trim());
        Assert.Contains(
            (32 << 20).ToString(),
            group.Read("memory.max") ?? group.Read("memory.limit_in_bytes")!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_disposed_group_is_gone()
    {
        Require.Root();
        ControlGroup group = ControlGroup.Create();
        using ControlGroup child = ControlGroup.Create(parent: group, name: "inner");
        IReadOnlyList<string> directories = group.Directories;
        Assert.All(directories, directory => Assert.True(Directory.Exists(directory)));

        group.Dispose();

        Assert.All(directories, directory => Assert.False(Directory.Exists(directory)));
    }

    [Theory]
    [InlineData("tare-7-12-100-1", true)]
    [InlineData("tare-7-12-99-1", false)]
    [InlineData("tare-8-12-100-1", false)]
    [InlineData("tare-7-12-100", false)]
    [InlineData("other-7-12-100-1", false)]
    public void Only_groups_of_makers_that_are_gone_are_left_over(string name, bool left)
    {
        Assert.Equal(left, MakerName.IsLeft(name, 7, _ => 99));
    }

    [Fact]
    public void What_a_killed_program_left_is_removed_by_the_next()
    {
        Require.Root();
        using ControlGroup own = ControlGroup.Create();
        string directory = own.Directories[0];
        string left = Path.Combine(
            Path.GetDirectoryName(directory)!,
            own.Name.Replace($"-{Environment.ProcessId}-", "-999999999-", StringComparison.Ordinal)
        );
        Directory.CreateDirectory(left);

        ControlGroupLeftovers.SweepOnce();

        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(directory));
    }

    [Fact]
    public void Bad_limits_are_bad_arguments()
    {
        Assert.Throws<ArgumentException>(() => ControlGroup.Create(name: "../up"));
        Assert.Throws<ArgumentOutOfRangeException>(() => ControlGroup.Create(new() { MemoryMax = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ControlGroup.Create(new() { Cpus = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ControlGroup.Create(new() { CpuWeight = 10_001 }));
        Assert.Throws<ArgumentException>(() => ControlGroup.Create(new() { CpuSet = "all" }));
    }
}
