using System.Collections.Immutable;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Resources;

public sealed class ProcessSchedulerTests : IAsyncDisposable
{
    private readonly ChildProcess child = ChildProcess.Start(new("sleep", "1000") { NewSession = true });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        child.Kill();
        await child.WaitForExitAsync(Cancelled);
        child.Dispose();
    }

    [Fact]
    public void The_nice_value_is_set_and_read()
    {
        ProcessScheduler.SetNice(child.ProcessId, 7);

        Assert.Equal(7, ProcessScheduler.GetNice(child.ProcessId));
        Assert.Equal(7, ProcStat.Read(child.ProcessId).OrThrow("read").Nice);
    }

    [Fact]
    public void A_policy_keeps_the_nice_value_and_has_its_slice()
    {
        ProcessScheduler.SetNice(child.ProcessId, 5);
        ProcessScheduling batch = new(SchedulingPolicy.SCHED_BATCH) { Runtime = TimeSpan.FromMilliseconds(12) };

        ProcessScheduler.SetPolicy(child.ProcessId, batch);

        Assert.Equal(batch, ProcessScheduler.GetPolicy(child.ProcessId));
        Assert.Equal(5, ProcessScheduler.GetNice(child.ProcessId));
    }

    [Theory]
    [InlineData(SchedulingPolicy.SCHED_FIFO, 11)]
    [InlineData(SchedulingPolicy.SCHED_RR, 99)]
    [InlineData(SchedulingPolicy.SCHED_IDLE, 0)]
    public void Policies_are_set_and_read(SchedulingPolicy policy, int priority)
    {
        Require.Root();
        ProcessScheduling scheduling = new(policy) { Priority = priority };

        Set(scheduling);

        ProcessScheduling read = ProcessScheduler.GetPolicy(child.ProcessId);
        Assert.Equal((policy, priority), (read.Policy, read.Priority));
    }

    [Fact]
    public void Deadlines_are_set_and_read()
    {
        Require.Root();
        ProcessScheduling scheduling = new(SchedulingPolicy.SCHED_DEADLINE)
        {
            Runtime = TimeSpan.FromMilliseconds(1),
            Deadline = TimeSpan.FromMilliseconds(50),
            Period = TimeSpan.FromMilliseconds(100),
            Flags = SchedulingFlags.SCHED_FLAG_RECLAIM | SchedulingFlags.SCHED_FLAG_DL_OVERRUN,
        };

        Set(scheduling);

        Assert.Equal(scheduling, ProcessScheduler.GetPolicy(child.ProcessId));
    }

    [Fact]
    public void Processors_are_set_and_read()
    {
        ImmutableSortedSet<int> all = ProcessScheduler.GetProcessors(child.ProcessId);

        ProcessScheduler.SetProcessors(child.ProcessId, [all.Max]);

        Assert.Equal([all.Max], ProcessScheduler.GetProcessors(child.ProcessId));
        Assert.Equal(
            Errno.EINVAL,
            Assert.Throws<KernelException>(() => ProcessScheduler.SetProcessors(child.ProcessId, [4000])).Errno
        );
    }

    [Fact]
    public void Io_priorities_are_set_and_read()
    {
        ProcessScheduler.SetIoPriority(child.ProcessId, new(IoPriorityClass.IOPRIO_CLASS_BE, 6));
        Assert.Equal(
            new IoPriority(IoPriorityClass.IOPRIO_CLASS_BE, 6),
            ProcessScheduler.GetIoPriority(child.ProcessId)
        );

        ProcessScheduler.SetIoPriority(child.ProcessId, null);
        Assert.NotEqual(
            new IoPriority(IoPriorityClass.IOPRIO_CLASS_BE, 6),
            ProcessScheduler.GetIoPriority(child.ProcessId)
        );
    }

    [Fact]
    public void Timer_slack_is_set_and_read()
    {
        ProcessScheduler.SetTimerSlack(child.ProcessId, TimeSpan.FromMilliseconds(3));

        Assert.Equal(TimeSpan.FromMilliseconds(3), ProcessScheduler.GetTimerSlack(child.ProcessId));
        Assert.NotEqual(TimeSpan.FromMilliseconds(3), ProcessScheduler.GetTimerSlack());
    }

    [Fact]
    public void The_sessions_nice_value_is_set_and_read()
    {
        Assert.SkipWhen(ProcessScheduler.GetAutogroupNice(child.ProcessId) is null, "the kernel has no autogroups");
        Require.Root();

        ProcessScheduler.SetAutogroupNice(child.ProcessId, 9);

        Assert.Equal(9, ProcessScheduler.GetAutogroupNice(child.ProcessId));
    }

    [Theory]
    [InlineData("/autogroup-25 nice -3\n", -3)]
    [InlineData("/autogroup-25 nice 19\n", 19)]
    [InlineData("", null)]
    public void Autogroups_are_read(string text, int? nice) =>
        Assert.Equal(nice, ProcessScheduler.ParseAutogroup(text));

    [Fact]
    public void Bounds_of_utilisation_are_set_or_refused_in_words()
    {
        try
        {
            ProcessScheduler.SetUtilizationBounds(child.ProcessId, 100, 512);
            Assert.Equal(512u, Scheduling.GetAttribute(child.ProcessId).Value.UtilizationMaximum);
        }
        catch (KernelException refused)
        {
            Assert.Equal(Errno.EOPNOTSUPP, refused.Errno);
            Assert.Contains("CONFIG_UCLAMP_TASK", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void All_threads_are_listed()
    {
        Assert.Equal([child.ProcessId], ProcessScheduler.ThreadsOf(child.ProcessId));
        Assert.Contains(Environment.ProcessId, ProcessScheduler.ThreadsOf(Environment.ProcessId));
    }

    [Fact]
    public void Memory_policies_are_the_threads_own()
    {
        OwnThread.Run(() =>
        {
            MemoryPolicy bind = new(MemoryPolicyMode.MPOL_BIND) { Nodes = [0] };
            ProcessMemoryPlacement.SetPolicy(bind);
            MemoryPolicy read = ProcessMemoryPlacement.GetPolicy();
            Assert.Equal((bind.Mode, "0"), (read.Mode, string.Join(',', read.Nodes)));
        });
        Assert.Equal(MemoryPolicyMode.MPOL_DEFAULT, ProcessMemoryPlacement.GetPolicy().Mode);
    }

    [Fact]
    public void Pages_are_found_and_moved()
    {
        Require.Root();
        ulong stack = MappingOf("[stack]");

        Assert.Equal(0L, ProcessMemoryPlacement.Migrate(child.ProcessId, [0], [0]));
        Assert.Equal([0], ProcessMemoryPlacement.NodesOf(child.ProcessId, [stack]));
        Assert.Equal([0], ProcessMemoryPlacement.Move(child.ProcessId, [stack], [0]));
        Assert.Equal(
            Errno.ENODEV,
            Assert.Throws<KernelException>(() => ProcessMemoryPlacement.Move(child.ProcessId, [stack], [60])).Errno
        );
        Assert.Equal([null], ProcessMemoryPlacement.NodesOf(child.ProcessId, [4096]));
    }

    [Fact]
    public void Bad_arguments_are_found_first()
    {
        int id = child.ProcessId;
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessScheduler.SetNice(id, 20));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessScheduler.SetNice(-1, 0));
        Assert.Throws<ArgumentException>(
            "scheduling",
            () => ProcessScheduler.SetPolicy(id, new(SchedulingPolicy.SCHED_FIFO))
        );
        Assert.Throws<ArgumentException>(() => ProcessScheduler.SetPolicy(id, new((SchedulingPolicy)77)));
        Assert.Throws<ArgumentException>(() => ProcessScheduler.SetProcessors(id, []));
        Assert.Throws<ArgumentException>(() => ProcessScheduler.SetIoPriority(id, new((IoPriorityClass)9)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessScheduler.SetTimerSlack(id, TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessScheduler.SetAutogroupNice(id, -21));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessScheduler.SetUtilizationBounds(id, 5, 4));
        Assert.Throws<ArgumentException>(() => ProcessMemoryPlacement.Migrate(id, [], [0]));
        Assert.Throws<ArgumentException>(() => ProcessMemoryPlacement.Move(id, [4096], []));
        Assert.Throws<ArgumentException>(() => ProcessMemoryPlacement.SetPolicy(new(MemoryPolicyMode.MPOL_BIND)));
    }

    private ulong MappingOf(string name)
    {
        string line = File.ReadLines($"/proc/{child.ProcessId}/maps")
            .Single(line => line.EndsWith(name, StringComparison.Ordinal));
        ulong end = Convert.ToUInt64(line.Split([' ', '-'])[1], 16);
        return end - 4096;
    }

    // Real-time policies need a share of real-time time in the group of version 1 that this runs in.
    private void Set(ProcessScheduling scheduling)
    {
        try
        {
            ProcessScheduler.SetPolicy(child.ProcessId, scheduling);
        }
        catch (KernelException refused) when (refused.Errno == Errno.EPERM)
        {
            Assert.Skip($"the kernel refuses {scheduling.Policy} here: {refused.Message}");
        }
    }
}
