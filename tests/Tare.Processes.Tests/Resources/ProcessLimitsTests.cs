using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Resources;

public sealed class ProcessLimitsTests : IAsyncDisposable
{
    private readonly ChildProcess child = ChildProcess.Start(new("sleep", "1000"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        child.Kill();
        await child.WaitForExitAsync(Cancelled);
        child.Dispose();
    }

    [Fact]
    public void All_limits_are_those_that_the_kernel_shows()
    {
        ProcessLimits limits = ProcessLimits.Of(child.ProcessId);
        using DirectoryFd process = ProcDirectory.Open(child.ProcessId).OrThrow("open");
        IReadOnlyDictionary<ResourceLimit, RLimit64> shown = ProcLimits.Read(process).OrThrow("read");
        Dictionary<ResourceLimit, long?> soft = new()
        {
            [ResourceLimit.RLIMIT_CPU] = (long?)limits.CpuTime.Soft?.TotalSeconds,
            [ResourceLimit.RLIMIT_FSIZE] = limits.FileSize.Soft,
            [ResourceLimit.RLIMIT_DATA] = limits.Data.Soft,
            [ResourceLimit.RLIMIT_STACK] = limits.Stack.Soft,
            [ResourceLimit.RLIMIT_CORE] = limits.CoreDump.Soft,
            [ResourceLimit.RLIMIT_RSS] = limits.ResidentMemory.Soft,
            [ResourceLimit.RLIMIT_NPROC] = limits.Processes.Soft,
            [ResourceLimit.RLIMIT_NOFILE] = limits.OpenFiles.Soft,
            [ResourceLimit.RLIMIT_MEMLOCK] = limits.LockedMemory.Soft,
            [ResourceLimit.RLIMIT_AS] = limits.AddressSpace.Soft,
            [ResourceLimit.RLIMIT_LOCKS] = limits.FileLocks.Soft,
            [ResourceLimit.RLIMIT_SIGPENDING] = limits.PendingSignals.Soft,
            [ResourceLimit.RLIMIT_MSGQUEUE] = limits.MessageQueues.Soft,
            [ResourceLimit.RLIMIT_NICE] = limits.NiceCeiling.Soft,
            [ResourceLimit.RLIMIT_RTPRIO] = limits.RealTimePriority.Soft,
            [ResourceLimit.RLIMIT_RTTIME] = (long?)limits.RealTimeTime.Soft?.TotalMicroseconds,
        };

        Assert.Equal(16, soft.Count);
        Assert.All(
            soft,
            pair =>
                Assert.Equal(
                    pair.Value is { } number ? (ulong)number : ResourceLimits.Infinity,
                    shown[pair.Key].Current
                )
        );
    }

    [Fact]
    public void Limits_of_a_running_process_change_in_their_units()
    {
        ProcessLimits limits = ProcessLimits.Of(child.ProcessId);
        limits.CpuTime = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
        limits.RealTimeTime = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(6));
        limits.OpenFiles = new(10, 20);

        Assert.Equal(new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)), limits.CpuTime);
        Assert.Equal(60ul, ResourceLimits.Get(ResourceLimit.RLIMIT_CPU, child.ProcessId).Value.Current);
        Assert.Equal(5000ul, ResourceLimits.Get(ResourceLimit.RLIMIT_RTTIME, child.ProcessId).Value.Current);
        Assert.Equal(new(10, 20), limits.OpenFiles);
        Assert.NotEqual(limits.OpenFiles, ProcessLimits.Current.OpenFiles);
    }

    [Fact]
    public void Who_is_killed_first_and_what_is_dumped_is_changed_while_it_runs()
    {
        ProcessLimits limits = ProcessLimits.Of(child.ProcessId);
        CoreDumpContent before = ProcessLimits.Current.CoreDumpContent;
        limits.OomScoreAdjustment = 500;
        limits.CoreDumpContent = CoreDumpContent.ElfHeaders | CoreDumpContent.SharedDirectAccess;

        Assert.Equal(500, limits.OomScoreAdjustment);
        Assert.Equal(500, ProcessSnapshot.Read(child.ProcessId, SnapshotParts.OomScore).OomScoreAdjustment);
        Assert.Equal(CoreDumpContent.ElfHeaders | CoreDumpContent.SharedDirectAccess, limits.CoreDumpContent);
        Assert.Equal(before, ProcessLimits.Current.CoreDumpContent);
        Assert.Throws<ArgumentOutOfRangeException>(() => limits.OomScoreAdjustment = 1001);
        Assert.Throws<ArgumentOutOfRangeException>(() => limits.CoreDumpContent = (CoreDumpContent)0x200);
        Assert.Throws<ArgumentOutOfRangeException>(() => limits.CoreDumpContent = (CoreDumpContent)(-1));
        ProcessLimits gone = ProcessLimits.Of(4_100_000);
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => gone.OomScoreAdjustment).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => gone.OomScoreAdjustment = 1).Errno);
    }

    [Fact]
    public void Bad_limits_are_bad_arguments()
    {
        ProcessLimits limits = ProcessLimits.Of(child.ProcessId);
        ProcessLimit<long> before = limits.FileSize;

        Assert.Throws<ArgumentOutOfRangeException>(() => limits.FileSize = new(-1, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => limits.FileSize = new(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => limits.FileSize = new(null, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessLimits.Of(0));
        Assert.Equal(before, limits.FileSize);
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => ProcessLimits.Of(4_100_000).Stack).Errno);
    }

    [Fact]
    public void Limits_of_the_machine_and_the_namespace_are_read()
    {
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/pid_max").Trim(), SystemLimits.PidMax.ToString());
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/threads-max").Trim(), SystemLimits.ThreadsMax.ToString());
        Assert.Equal(File.ReadAllText("/proc/sys/fs/nr_open").Trim(), SystemLimits.OpenFilesOfProcessMax.ToString());
        Assert.Equal(File.ReadAllText("/proc/sys/vm/max_map_count").Trim(), SystemLimits.MappingsMax.ToString());
        Assert.True(SystemLimits.OpenFilesMax > 0);
        IReadOnlyDictionary<string, long> counts = SystemLimits.ReadUserCounts();
        Assert.Equal(
            File.ReadAllText("/proc/sys/user/max_user_namespaces").Trim(),
            counts["user_namespaces"].ToString()
        );
        Assert.Equal(Directory.GetFiles("/proc/sys/user", "max_*").Length, counts.Count);
    }
}
