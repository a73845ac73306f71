using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Resources;

public sealed class ControlGroupTreeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Groups_below_are_listed_and_limited()
    {
        Require.Root();
        RequireUnified();
        using ControlGroup group = ControlGroup.Create(new() { DescendantsMax = 2, DepthMax = 1 });
        using ControlGroup first = ControlGroup.Create(parent: group, name: "first");
        using ControlGroup second = ControlGroup.Create(parent: group, name: "second");

        Assert.Equal(["first", "second"], group.Children);
        Assert.Empty(first.Children);
        Assert.Equal(
            Errno.EAGAIN,
            Assert.Throws<KernelException>(() => ControlGroup.Create(parent: group, name: "third")).Errno
        );
        Assert.Equal(["first", "second"], group.Children);
    }

    [Fact]
    public async Task A_group_below_is_limited_in_what_the_upper_one_is_not()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create(new() { ProcessesMax = 10 });
        ControlGroup below = ControlGroup.Create(new() { CpuWeight = 20, MemoryMax = 64 << 20 }, group, "below");
        IReadOnlyList<string> directories = below.Directories;
        using ControlGroup lowest = ControlGroup.Create(new() { Cpus = 0.5 }, below, "lowest");
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000") { ControlGroup = lowest });

        Assert.NotNull(below.Read("cpu.weight") ?? below.Read("cpu.shares"));
        Assert.NotNull(lowest.Read("cpu.max") ?? lowest.Read("cpu.cfs_quota_us"));
        Assert.Equal([child.ProcessId], group.Processes);

        Assert.True(group.Kill());
        await child.WaitForExitAsync(Cancelled);
        lowest.Dispose();
        below.Dispose();
        Assert.DoesNotContain(directories, Directory.Exists);
    }

    [Fact]
    public async Task The_kernels_own_numbers_of_a_group_are_read_by_their_names()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create(new() { MemoryMax = 64 << 20 });
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "echo up; read line")
            {
                ControlGroup = group,
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Pipe,
            }
        );
        Assert.Equal(1, await child.StandardOutput!.ReadAsync(new byte[1], Cancelled));

        IReadOnlyDictionary<string, long> memory = group.ReadCounts("memory.stat");
        Assert.True(memory.ContainsKey("pgfault") && memory.ContainsKey("inactive_anon") && memory.Count > 10);
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> nodes = group.ReadTable("memory.numa_stat");
        Assert.SkipWhen(nodes.Count == 0, "needs CONFIG_NUMA");
        Assert.All(nodes.Values, values => Assert.Contains("N0", values.Keys));
        Assert.Empty(group.ReadCounts("memory.nothing"));
        Assert.Empty(group.ReadTable("memory.nothing"));
        child.StandardInput!.Dispose();
        await child.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public async Task A_group_tells_of_what_happens_in_it_in_all_hierarchies()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create(new() { MemoryMax = 8 << 20 });
        await using IAsyncEnumerator<CgroupCounts> events = group
            .WatchEventsAsync(Cancelled)
            .GetAsyncEnumerator(Cancelled);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(0, events.Current.Memory["oom_kill"]);

        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "a=x; while :; do a=$a$a; done") { ControlGroup = group, StandardError = ChildStream.Null }
        );
        while (group.ReadEvents().Memory["oom_kill"] == 0)
        {
            Assert.True(await events.MoveNextAsync());
        }

        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
        group.Dispose();
        while (await events.MoveNextAsync()) { }
    }

    [Fact]
    public async Task A_threads_group_holds_single_threads()
    {
        Require.Root();
        RequireUnified();
        using ControlGroup group = ControlGroup.Create();
        using ControlGroup threads = ControlGroup.Create(parent: group, name: "threads");
        threads.MakeThreaded();
        Assert.Equal(("domain threaded", "threaded"), (group.Type, threads.Type));
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000") { ControlGroup = group });

        threads.AddThread(child.ProcessId);

        Assert.Equal([child.ProcessId], threads.ReadThreads());
        Assert.Contains(child.ProcessId, group.Processes);
        child.Kill();
        await child.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public async Task A_user_to_whom_a_group_is_given_makes_groups_in_it()
    {
        Require.Root();
        RequireUnified();
        using ControlGroup group = ControlGroup.Create();
        string directory = group.Directories.Single(path => File.Exists($"{path}/cgroup.type"));
        ProcessStartOptions options = new("mkdir", $"{directory}/below")
        {
            Credentials = new(65534, 65534),
            StandardError = ChildStream.Null,
        };
        await using ChildProcess refused = ChildProcess.Start(options);
        Assert.Equal(1, (await refused.WaitForExitAsync(Cancelled)).ExitCode);

        group.Delegate(65534, 65534);

        await using ChildProcess allowed = ChildProcess.Start(options);
        Assert.Equal(0, (await allowed.WaitForExitAsync(Cancelled)).ExitCode);
        Assert.Equal(["below"], group.Children);
    }

    [Fact]
    public async Task Every_process_of_a_group_is_signalled()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create();
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "sleep 1000 & sleep 1000 & echo up; wait")
            {
                ControlGroup = group,
                StandardOutput = ChildStream.Pipe,
            }
        );
        byte[] up = new byte[3];
        await child.StandardOutput!.ReadExactlyAsync(up, Cancelled);

        Assert.Equal(3, group.Signal(Signal.SIGKILL));

        await group.WaitUntilEmptyAsync(Cancelled);
        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Signal(Signal.None));
    }

    [Fact]
    public async Task Memory_is_taken_back()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        using ControlGroup group = ControlGroup.Create(new() { MemoryMax = 256 << 20 });
        string file = directory.Write("file", "");
        await using ChildProcess child = ChildProcess.Start(
            new("dd", "if=/dev/zero", $"of={file}", "bs=1M", "count=16", "conv=fsync")
            {
                ControlGroup = group,
                StandardError = ChildStream.Null,
            }
        );
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
        long? before = group.ReadUsage().Memory;

        group.Reclaim(16 << 20);

        Assert.True(group.ReadUsage().Memory < before);
    }

    [Fact]
    public void Pressure_on_a_group_is_read()
    {
        Require.Root();
        RequireUnified();
        using ControlGroup group = ControlGroup.Create();
        Assert.SkipUnless(File.Exists("/proc/pressure/cpu"), "the kernel counts no pressure");

        Assert.NotNull(group.ReadPressure()!.Cpu);
    }

    [Fact]
    public async Task Devices_are_denied_but_those_that_are_allowed()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create(
            new()
            {
                Devices =
                [
                    new(true, DeviceKind.Character, 1, 3),
                    new(true, DeviceKind.Character, 1, 5, DeviceAccess.Read),
                ],
            }
        );
        ProcessStartOptions options = new("sh") { ControlGroup = group, StandardError = ChildStream.Null };

        Assert.Equal(0, await RunAsync(options, "echo > /dev/null"));
        Assert.Equal(0, await RunAsync(options, "head -c1 /dev/zero | wc -c > /dev/null"));
        Assert.NotEqual(0, await RunAsync(options, "echo > /dev/zero"));
        Assert.NotEqual(0, await RunAsync(options, "head -c1 /dev/urandom > /dev/null"));
        Assert.Equal(0, await RunAsync(options with { ControlGroup = null }, "head -c1 /dev/urandom > /dev/null"));
    }

    [Fact]
    public void Device_rules_are_those_of_version_1()
    {
        Assert.Equal(["a"], ControlGroupDevices.Format(new(false, DeviceKind.Any)));
        Assert.Equal(
            ["c *:7 rw", "b *:7 rw"],
            ControlGroupDevices.Format(new(true, DeviceKind.Any, null, 7, DeviceAccess.Read | DeviceAccess.Write))
        );
        Assert.Equal(
            ["b 8:* m"],
            ControlGroupDevices.Format(new(true, DeviceKind.Block, 8, null, DeviceAccess.MakeNode))
        );
        Assert.Throws<ArgumentException>(() =>
            ControlGroup.Create(new() { Devices = [new(true, DeviceKind.Any, Access: DeviceAccess.None)] })
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => ControlGroup.Create(new() { DepthMax = -1 }));
    }

    private static async Task<int?> RunAsync(ProcessStartOptions options, string words)
    {
        await using ChildProcess child = ChildProcess.Start(options with { Arguments = ["-c", words] });
        return (await child.WaitForExitAsync(Cancelled)).ExitCode;
    }

    private static void RequireUnified()
    {
        CgroupLayout layout = CgroupLayout.Read().OrThrow("read the layout");
        Assert.SkipUnless(layout.Unified is { IsReadOnly: false }, "needs cgroup v2");
    }
}
