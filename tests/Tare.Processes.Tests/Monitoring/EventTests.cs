using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Monitoring;

public sealed class EventTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_childs_life_is_told_of()
    {
        Require.Root();
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        IAsyncEnumerable<ProcessEvent> events = Listening(() =>
            ProcessEvents.WatchAsync(cancellationToken: over.Token)
        );
        await using ChildProcess child = ChildProcess.Start(new("sh", "-c", "exec sh -c 'exit 9'"));

        List<ProcessEvent> seen = [];
        await foreach (ProcessEvent happened in events)
        {
            if (happened.ProcessId == child.ProcessId)
            {
                seen.Add(happened);
                if (happened.Kind == ProcessEventKinds.PROC_EVENT_EXIT)
                {
                    break;
                }
            }
        }

        await child.WaitForExitAsync(Cancelled);
        Assert.Equal(ProcessEventKinds.PROC_EVENT_FORK, seen[0].Kind);
        Assert.Equal(Environment.ProcessId, seen[0].ParentId);
        Assert.Equal(2, seen.Count(happened => happened.Kind == ProcessEventKinds.PROC_EVENT_EXEC));
        Assert.Equal(9, seen[^1].Exit!.Value.ExitCode);
        Assert.Equal(Environment.ProcessId, seen[^1].ParentId);
        Assert.All(seen, happened => Assert.True(happened.IsProcess));
    }

    [Fact]
    public async Task Only_what_is_wanted_is_told_of()
    {
        Require.Root();
        IAsyncEnumerable<ProcessEvent> events = Listening(() =>
            ProcessEvents.WatchAsync(ProcessEventKinds.PROC_EVENT_EXIT, Cancelled)
        );
        await using ChildProcess child = ChildProcess.Start(new("sh", "-c", "kill -KILL $$"));
        await foreach (ProcessEvent happened in events)
        {
            Assert.Equal(ProcessEventKinds.PROC_EVENT_EXIT, happened.Kind);
            if (happened.ProcessId == child.ProcessId)
            {
                Assert.Equal(Signal.SIGKILL, happened.Exit!.Value.Signal);
                break;
            }
        }

        await child.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public async Task Listening_ends_when_it_is_cancelled()
    {
        Require.Root();
        using CancellationTokenSource over = new();
        await using IAsyncEnumerator<ProcessEvent> events = Listening(() =>
                ProcessEvents.WatchAsync(ProcessEventKinds.PROC_EVENT_COREDUMP, over.Token)
            )
            .GetAsyncEnumerator(Cancelled);
        ValueTask<bool> next = events.MoveNextAsync();

        await over.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task What_an_ended_process_used_is_told_of()
    {
        Require.Root();
        IAsyncEnumerable<TaskStatistics> ends = ProcessEvents.WatchEndsAsync(Cancelled);
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 5")
        );
        await foreach (TaskStatistics ended in ends)
        {
            if (ended.ThreadId == child.ProcessId)
            {
                Assert.Equal(("sh", 5, Environment.ProcessId), (ended.Name, ended.Exit.ExitCode, ended.ParentId));
                Assert.True(ended.CpuNanoseconds > 0 && ended.MinorFaults > 0 && ended.PeakResidentBytes > 0);
                Assert.True(ended.ElapsedMicroseconds > 0);
                break;
            }
        }

        await child.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public void Statistics_of_a_running_process_are_read()
    {
        Require.Root();
        TaskStatistics own = ProcessEvents.ReadStatistics(Environment.ProcessId);

        Assert.True(own.Version >= 8);
        Assert.True(own.CpuNanoseconds > 0);
        Assert.Equal(
            Errno.ESRCH,
            Assert.Throws<KernelException>(() => ProcessEvents.ReadStatistics(int.MaxValue)).Errno
        );
    }

    [Fact]
    public async Task Pressure_on_processors_is_told_of()
    {
        Require.Root();
        IAsyncEnumerable<PressureStall> pressure = Pressured(() =>
            Pressure.WatchAsync(
                PressureResource.Cpu,
                TimeSpan.FromMilliseconds(1),
                TimeSpan.FromSeconds(2),
                cancellationToken: Cancelled
            )
        );
        PressureStall before = Pressure.Read(PressureResource.Cpu);

        // More that run than there are processors, until it is told of.
        ChildProcess[] busy =
        [
            .. Enumerable
                .Range(0, Environment.ProcessorCount + 1)
                .Select(_ => ChildProcess.Start(new("sh", "-c", "while :; do :; done"))),
        ];
        try
        {
            await foreach (PressureStall stall in pressure)
            {
                Assert.True(stall.Some.TotalMicroseconds >= before.Some.TotalMicroseconds);
                break;
            }
        }
        finally
        {
            foreach (ChildProcess child in busy)
            {
                child.Kill();
                await child.WaitForExitAsync(Cancelled);
                child.Dispose();
            }
        }
    }

    [Fact]
    public void A_trigger_that_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Pressure.WatchAsync(PressureResource.Io, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1))
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Pressure.WatchAsync(PressureResource.Io, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(11))
        );
        Assert.Throws<ArgumentException>(() =>
            Pressure.WatchAsync(PressureResource.Irq, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2))
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => Pressure.Read((PressureResource)7));
    }

    [Fact]
    public void Pressure_of_interrupts_is_that_of_all_where_the_kernel_counts_it()
    {
        Assert.Equal(
            7,
            PressureStall.Parse("full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n"u8).Full!.Value.TotalMicroseconds
        );
        if (File.Exists("/proc/pressure/irq"))
        {
            Assert.NotNull(Pressure.Read(PressureResource.Irq).Full);
        }
        else
        {
            Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => Pressure.Read(PressureResource.Irq)).Errno);
        }
    }

    [Fact]
    public async Task A_cgroup_tells_when_it_is_empty_and_when_it_is_gone()
    {
        Require.Root();
        string? root = CgroupLayout.Read().Value?.Unified?.MountPoint;
        Assert.SkipWhen(root is null, "needs cgroup v2");
        string directory = $"{root}/tare-mon-{Guid.NewGuid():N}";
        Directory.CreateDirectory(directory);
        try
        {
            await using IAsyncEnumerator<CgroupCounts> events = CgroupEvents
                .WatchAsync(directory, Cancelled)
                .GetAsyncEnumerator(Cancelled);
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(0, events.Current.Group["populated"]);

            using ControlGroup group = ControlGroup.Open("/" + Path.GetFileName(directory));
            await using ChildProcess child = ChildProcess.Start(new("sleep", "1000") { ControlGroup = group });
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(1, events.Current.Group["populated"]);

            child.Kill();
            await child.WaitForExitAsync(Cancelled);
            while (await events.MoveNextAsync() && events.Current.Group["populated"] == 1) { }

            Assert.Equal(0, events.Current.Group["populated"]);
            Directory.Delete(directory);
            while (await events.MoveNextAsync()) { }
        }
        finally
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory);
            }
        }
    }

    [Fact]
    public async Task A_cgroup_of_version_1_tells_when_its_memory_is_used_up()
    {
        Require.Root();
        string? root = CgroupLayout.Read().Value?.HierarchyOf("memory") is { Version: 1 } memory
            ? memory.MountPoint
            : null;
        Assert.SkipWhen(root is null, "needs the memory controller in a hierarchy of version 1");
        string directory = $"{root}/tare-mon-{Guid.NewGuid():N}";
        Directory.CreateDirectory(directory);
        try
        {
            await File.WriteAllTextAsync($"{directory}/memory.limit_in_bytes", "8388608", Cancelled);
            await using IAsyncEnumerator<CgroupCounts> events = CgroupEvents
                .WatchAsync(directory, Cancelled)
                .GetAsyncEnumerator(Cancelled);
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(0, events.Current.Memory["oom_kill"]);

            await using ChildProcess child = ChildProcess.Start(
                new("sh", "-c", $"echo $$ > {directory}/cgroup.procs; a=x; while :; do a=$a$a; done")
            );
            Assert.True(await events.MoveNextAsync());
            ProcessExit exit = await child.WaitForExitAsync(Cancelled);

            Assert.Equal(Signal.SIGKILL, exit.Status.Signal);
            Assert.True(CgroupEvents.Read(directory).Memory["oom_kill"] > 0);
        }
        finally
        {
            Directory.Delete(directory);
        }
    }

    [Fact]
    public async Task A_process_that_was_refused_is_counted()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create(new() { ProcessesMax = 1 });
        string? directory = group.Directories.FirstOrDefault(one => File.Exists($"{one}/pids.events"));
        Assert.SkipWhen(directory is null, "needs the pids controller");
        Assert.Equal(0, CgroupEvents.Read(directory!).Processes["max"]);

        // Version 1 counts, but wakes nobody.
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "/bin/true; exit 5") { ControlGroup = group, StandardError = ChildStream.Null }
        );

        Assert.False((await child.WaitForExitAsync(Cancelled)).Success);
        Assert.True(CgroupEvents.Read(directory!).Processes["max"] > 0);
    }

    private static IAsyncEnumerable<ProcessEvent> Listening(Func<IAsyncEnumerable<ProcessEvent>> listen)
    {
        try
        {
            return listen();
        }
        catch (KernelException failure)
            when (failure.Errno is Errno.ENOSYS or Errno.EPROTONOSUPPORT or Errno.EPERM or Errno.ENOENT)
        {
            Assert.Skip($"needs the process connector: {failure.Message}");
            throw;
        }
    }

    private static IAsyncEnumerable<PressureStall> Pressured(Func<IAsyncEnumerable<PressureStall>> watch)
    {
        try
        {
            return watch();
        }
        catch (KernelException failure) when (failure.Errno is Errno.ENOENT or Errno.EOPNOTSUPP)
        {
            Assert.Skip($"needs PSI: {failure.Message}");
            throw;
        }
    }
}
