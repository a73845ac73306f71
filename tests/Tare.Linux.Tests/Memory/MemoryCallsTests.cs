using System.Runtime.CompilerServices;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class MemoryCallsTests
{
    private static readonly int Page = AnonymousMemory.PageSize;

    [Fact]
    public void Memory_of_a_process_is_read_and_written()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(Page).Value!;
        "hello"u8.CopyTo(memory.Span);
        byte[] read = new byte[5];

        Assert.Equal(5, ProcessMemory.Read(Environment.ProcessId, (ulong)memory.Address, read).OrThrow("read"));
        Assert.Equal("hello"u8, read);
        Assert.Equal(
            3,
            ProcessMemory.Write(Environment.ProcessId, (ulong)memory.Address + 1, "ipp"u8).OrThrow("write")
        );
        Assert.Equal("hippo"u8, memory.Span[..5]);
        Assert.Equal(Errno.EFAULT, ProcessMemory.Read(Environment.ProcessId, 16, read).Errno);
        Assert.Equal(Errno.ESRCH, ProcessMemory.Read(int.MaxValue, 4096, read).Errno);
    }

    [Fact]
    public void Pages_come_and_go()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(2 * Page).Value!;
        memory.Span.Fill(7);
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        Assert.Equal([true, true], OwnMappings.InMemory(memory.Address, (nuint)memory.Length).OrThrow("mincore"));
        Assert.All(
            PageMap.Read(own, (ulong)memory.Address, 2).OrThrow("pagemap"),
            page => Assert.True(page is { IsPresent: true, IsExclusive: true, IsFileOrShared: false })
        );

        OwnMappings.Advise(memory.Address, (nuint)Page, MemoryAdvice.MADV_DONTNEED).OrThrow("madvise");

        Assert.Equal([false, true], PageMap.Read(own, (ulong)memory.Address, 2).Value.Select(page => page.IsPresent));
        Assert.Equal((0, 7), (memory.Span[0], memory.Span[Page]));
    }

    [Fact]
    public void Memory_is_locked_and_named()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(Page).Value!;
        OwnMappings.Lock(memory.Address, (nuint)Page).OrThrow("mlock2");
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        ulong address = (ulong)memory.Address;
        Assert.Contains(
            MappingUsage.ReadAll(own).Value,
            one => one.Mapping.Start <= address && address < one.Mapping.End && one.Usage.Locked > 0
        );
        OwnMappings.Unlock(memory.Address, (nuint)Page).OrThrow("munlock");

        SysResult named = OwnMappings.Name(memory.Address, (nuint)Page, "mine");
        Assert.SkipWhen(named.Errno == Errno.EINVAL, "needs CONFIG_ANON_VMA_NAME");
        Assert.Contains(
            MemoryMapping.ReadAll(own).Value,
            mapping => mapping.Start == address && mapping.Name == "[anon:mine]"
        );
    }

    [Fact]
    public void Sealed_memory_stays()
    {
        // Never unmapped: that is what the seal is for.
        AnonymousMemory memory = AnonymousMemory.Map(Page).Value!;
        SysResult seal = OwnMappings.Seal(memory.Address, (nuint)Page);
        Assert.SkipWhen(seal.Errno == Errno.ENOSYS, "needs mseal (Linux 6.10)");
        seal.OrThrow("mseal");

        Assert.Equal(Errno.EPERM, memory.Protect(0, Page, ProtectionFlags.PROT_READ).Errno);
    }

    [Fact]
    public void A_files_pages_in_memory_are_counted()
    {
        using MemoryFd file = MemFds.CreateSealed("cached", new byte[3 * Page]).OrThrow("make a memfd");

        SysResult<CacheStat> status = OwnMappings.CacheOf(file);

        Assert.SkipWhen(status.Errno == Errno.ENOSYS, "needs cachestat (Linux 6.5)");
        Assert.Equal(3ul, status.OrThrow("cachestat").CachedPages);
    }

    [Fact]
    public void Another_processs_memory_is_advised_about_and_only_a_dying_one_is_released()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        Assert.Equal(Errno.EINVAL, ProcessMemory.Release(orphan.Process).Errno);

        // Its memory is another once it executes what it waits with.
        while (File.ReadAllText($"/proc/{orphan.ProcessId}/comm") != "sleep\n")
        {
            Thread.Yield();
        }

        using DirectoryFd directory = ProcDirectory.Open(orphan.Process).OrThrow("open");
        MemoryMapping stack = MemoryMapping.ReadAll(directory).Value.Single(mapping => mapping.Name == "[stack]");

        SysResult<long> advised = ProcessMemory.Advise(
            orphan.Process,
            stack.Start,
            (nuint)stack.Length,
            MemoryAdvice.MADV_COLD
        );

        Assert.Equal((long)stack.Length, advised.OrThrow("process_madvise"));
    }

    [Fact]
    public void Merging_and_huge_pages_are_read_back()
    {
        Assert.False(OwnMappings.GetMerging().Value);
        Assert.False(OwnMappings.GetHugePagesDisabled().OrThrow("prctl"));
        Assert.Equal(0, OwnMappings.GetDenyWriteExecute().Value);
    }

    [Fact]
    public void Huge_pages_are_given_up_but_where_they_are_asked_for()
    {
        SysResult set = OwnMappings.SetHugePagesDisabled(true, exceptAdvised: true);
        Assert.SkipWhen(set.Errno == Errno.EINVAL, "needs PR_THP_DISABLE_EXCEPT_ADVISED (Linux 6.18)");
        try
        {
            set.OrThrow("prctl");
            Assert.True(OwnMappings.GetHugePagesDisabled().OrThrow("prctl"));
            Assert.True(OwnMappings.GetHugePagesDisabledExceptAdvised().OrThrow("prctl"));
            OwnMappings.SetHugePagesDisabled(true).OrThrow("prctl");
            Assert.True(OwnMappings.GetHugePagesDisabled().OrThrow("prctl"));
            Assert.False(OwnMappings.GetHugePagesDisabledExceptAdvised().OrThrow("prctl"));
        }
        finally
        {
            OwnMappings.SetHugePagesDisabled(false).OrThrow("prctl");
        }

        Assert.False(OwnMappings.GetHugePagesDisabled().OrThrow("prctl"));
        Assert.False(OwnMappings.GetHugePagesDisabledExceptAdvised().OrThrow("prctl"));
    }

    [Fact]
    public void Processor_time_is_told_to_the_nanosecond()
    {
        TimeSpan before = ProcessClocks.CpuTime(Environment.ProcessId).OrThrow("clock");
        ResourceUsage usage = ProcessClocks.Own();
        for (int i = 0; i < 1_000_000; i++)
        {
            _ = Math.Sqrt(i);
        }

        Assert.True(ProcessClocks.CpuTime(0).OrThrow("clock") > before);
        Assert.True(usage.CpuTime > TimeSpan.Zero && usage.MinorFaults > 0);
        Assert.True(ProcessClocks.OwnThread().CpuTime <= ProcessClocks.Own().CpuTime);
        Assert.False(ProcessClocks.CpuTime(int.MaxValue >> 4).Ok);
    }

    [Fact]
    public void Processes_are_compared()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        int own = Environment.ProcessId;
        SysResult<int> same = ProcessComparison.Compare(own, own, CompareKind.KCMP_VM);
        Assert.SkipWhen(same.Errno == Errno.ENOSYS, "needs CONFIG_KCMP");

        Assert.Equal(0, same.OrThrow("kcmp"));
        int other = PidFds.GetProcessId(orphan.Process).OrThrow("number");
        Assert.NotEqual(0, ProcessComparison.Compare(own, other, CompareKind.KCMP_VM).OrThrow("kcmp"));
    }

    [Fact]
    public void The_kernels_counters_count()
    {
        SysResult<FileFd> opened = PerfCounters.Open(PerfCounter.PERF_COUNT_SW_PAGE_FAULTS);
        Assert.SkipUnless(opened.Ok, $"needs perf_event_open ({opened.Errno})");
        using FileFd counter = opened.Value;
        PerfCount before = PerfCounters.Read(counter).OrThrow("read");

        using AnonymousMemory memory = AnonymousMemory.Map(64 * Page).Value!;
        OwnMappings.Advise(memory.Address, (nuint)memory.Length, MemoryAdvice.MADV_NOHUGEPAGE).OrThrow("madvise");
        OwnMappings.Advise(memory.Address, (nuint)memory.Length, MemoryAdvice.MADV_DONTNEED).OrThrow("madvise");
        memory.Span.Fill(1);

        PerfCount after = PerfCounters.Read(counter).OrThrow("read");
        Assert.True(after.Count >= before.Count + 64);
        Assert.True(after.RunningNanoseconds > 0);
    }

    [Fact]
    public void The_machines_counters_count_where_it_has_any()
    {
        SysResult<FileFd> opened = PerfCounters.Open(PerfCounter.PERF_COUNT_HW_INSTRUCTIONS, withKernel: false);
        Assert.SkipUnless(opened.Ok, $"the machine counts no instructions ({opened.Errno})");
        using FileFd counter = opened.Value;
        Assert.True(PerfCounters.Read(counter).OrThrow("read").Count > 0);
    }

    [Fact]
    public void Structs_are_as_large_as_the_kernels()
    {
        Assert.Equal(40, Unsafe.SizeOf<CacheStat>());
        Assert.Equal(16, Unsafe.SizeOf<CacheStatRange>());
        Assert.Equal(PerfEventAttribute.StructSize, Unsafe.SizeOf<PerfEventAttribute>());
    }
}
