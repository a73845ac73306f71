using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class TracepointTests
{
    [Fact]
    public void Who_comes_by_is_counted()
    {
        int number = Find();
        OwnThread.Run(() =>
        {
            using FileFd counter = Tracepoints.Open(number, threadId: 0).OrThrow("open");
            Prctl.SetName("one"u8).OrThrow("prctl");
            Prctl.SetName("two"u8).OrThrow("prctl");
            Assert.Equal(2ul, PerfCounters.Read(counter).OrThrow("read").Count);
        });
        Assert.Equal(Errno.ENOENT, Tracepoints.Find("task", "no_such_thing").Errno);
    }

    [Fact]
    public void A_groups_processes_are_counted_and_no_others()
    {
        int number = Find();
        string? root = CgroupLayout.Read().Value?.Unified?.MountPoint;
        Assert.SkipWhen(root is null, "needs cgroup v2");
        string path = $"{root}/tare-count-{Guid.NewGuid():N}";
        Directory.CreateDirectory(path);
        List<FileFd> counters = [];
        try
        {
            using DirectoryFd group = Files.OpenDirectoryAt(null, path).OrThrow("open");
            for (int processor = 0; processor < Environment.ProcessorCount; processor++)
            {
                SysResult<FileFd> opened = Tracepoints.OpenGroup(number, group, processor);
                Assert.SkipWhen(opened.Errno == Errno.ENOENT, "perf_event is a controller of version 1 here");
                counters.Add(opened.OrThrow("open"));
            }

            OwnThread.Run(() => Prctl.SetName("other"u8).OrThrow("prctl"));
            string script = $"echo $$ >{path}/cgroup.procs; printf one >/proc/$$/comm; printf two >/proc/$$/comm";
            Tool.Run("sh", ["-c", script]).ShouldSucceed();

            Assert.Equal(2, counters.Sum(counter => (long)PerfCounters.Read(counter).OrThrow("read").Count));
            using FileFd cycles = PerfCounters
                .OpenGroup(PerfCounter.PERF_COUNT_SW_TASK_CLOCK, group, 0)
                .OrThrow("open");
            Assert.Equal(0ul, PerfCounters.Read(cycles).OrThrow("read").Count);
        }
        finally
        {
            counters.ForEach(counter => counter.Dispose());
            Directory.Delete(path);
        }
    }

    private static int Find()
    {
        Require.Root();
        SysResult<int> found = Tracepoints.Find("task", "task_rename");
        Assert.SkipUnless(found.Ok, $"needs tracefs and its tracepoints: {found.Errno}");
        return found.Value;
    }
}
