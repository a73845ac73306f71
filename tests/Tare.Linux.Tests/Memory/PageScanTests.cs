using System.Runtime.CompilerServices;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class PageScanTests
{
    private static readonly int Page = AnonymousMemory.PageSize;

    [Fact]
    public void Pages_that_are_alike_are_told_as_one_region()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(6 * Page).Value!;
        OwnMappings.Advise(memory.Address, (nuint)memory.Length, MemoryAdvice.MADV_NOHUGEPAGE).OrThrow("madvise");
        OwnMappings.Advise(memory.Address, (nuint)memory.Length, MemoryAdvice.MADV_DONTNEED).OrThrow("madvise");
        memory.Span[Page..(3 * Page)].Fill(1);
        memory.Span[5 * Page] = 1;
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        ulong start = (ulong)memory.Address;

        SysResult<IReadOnlyList<PageRegion>> scanned = PageMap.Scan(
            own,
            start,
            start + (ulong)memory.Length,
            PageCategories.PAGE_IS_PRESENT | PageCategories.PAGE_IS_SWAPPED,
            PageCategories.None,
            PageCategories.PAGE_IS_FILE | PageCategories.PAGE_IS_PFNZERO
        );

        Assert.SkipWhen(scanned.Errno == Errno.ENOTTY, "needs PAGEMAP_SCAN (Linux 6.7)");
        Assert.Equal(
            [At(1, 3), At(5, 6)],
            scanned.OrThrow("scan").Select(region => (region.Start, region.End, region.Categories))
        );

        (ulong, ulong, PageCategories) At(int from, int to) =>
            (start + (ulong)(from * Page), start + (ulong)(to * Page), PageCategories.None);
    }

    [Fact]
    public void More_regions_than_fit_into_one_answer_are_all_told()
    {
        const int Count = 300;
        using AnonymousMemory memory = AnonymousMemory.Map(2 * Count * Page).Value!;
        OwnMappings.Advise(memory.Address, (nuint)memory.Length, MemoryAdvice.MADV_NOHUGEPAGE).OrThrow("madvise");
        OwnMappings.Advise(memory.Address, (nuint)memory.Length, MemoryAdvice.MADV_DONTNEED).OrThrow("madvise");
        for (int i = 0; i < Count; i++)
        {
            memory.Span[2 * i * Page] = 1;
        }

        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        ulong start = (ulong)memory.Address;
        const PageCategories Present = PageCategories.PAGE_IS_PRESENT;
        SysResult<IReadOnlyList<PageRegion>> scanned = PageMap.Scan(
            own,
            start,
            start + (ulong)memory.Length,
            PageCategories.None,
            Present,
            Present
        );

        Assert.SkipWhen(scanned.Errno == Errno.ENOTTY, "needs PAGEMAP_SCAN (Linux 6.7)");
        Assert.Equal(Count, scanned.OrThrow("scan").Count);
        Assert.All(scanned.Value, region => Assert.Equal((ulong)Page, region.End - region.Start));
    }

    [Fact]
    public void What_was_used_is_forgotten()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(6 * Page).Value!;
        Span<byte> inner = memory.Span[Page..^Page];
        inner.Fill(1);

        // What lies beside is not to become one mapping with it.
        memory.Protect(0, Page, ProtectionFlags.PROT_NONE).OrThrow("mprotect");
        memory.Protect(5 * Page, Page, ProtectionFlags.PROT_NONE).OrThrow("mprotect");
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        Assert.Equal(4 * Page, Referenced());

        PageMap.Clear(own, ReferenceReset.All).OrThrow("clear");
        Assert.Equal(0, Referenced());
        memory.Span[Page] = 2;
        Assert.Equal(Page, Referenced());

        long Referenced() =>
            MappingUsage
                .ReadAll(own)
                .Value.Single(one => one.Mapping.Start == (ulong)(memory.Address + Page))
                .Usage.Referenced;
    }

    [Fact]
    public void The_peak_of_memory_is_forgotten()
    {
        const int Size = 64 << 20;
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        using (AnonymousMemory memory = AnonymousMemory.Map(Size).Value!)
        {
            memory.Span.Fill(1);
        }

        long before = ProcStatus.Read(own).Value.PeakResidentBytes;
        PageMap.Clear(own, ReferenceReset.PeakResident).OrThrow("clear");
        Assert.True(ProcStatus.Read(own).Value.PeakResidentBytes < before - (Size / 2));
    }

    [Fact]
    public void A_page_of_the_machine_is_told_about()
    {
        Require.Root();
        using AnonymousMemory memory = AnonymousMemory.Map(Page).Value!;
        memory.Span[0] = 1;
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        ulong frame = PageMap.Read(own, (ulong)memory.Address, 1).OrThrow("read")[0].Frame;
        Assert.SkipWhen(frame == 0, "no CAP_SYS_ADMIN in the first user namespace");

        SysResult<FrameFlags> flags = PageMap.FlagsOf(frame);

        Assert.SkipWhen(flags.Errno == Errno.ENOENT, "needs CONFIG_PROC_PAGE_MONITOR");
        const FrameFlags Expected = FrameFlags.KPF_ANON | FrameFlags.KPF_MMAP;
        Assert.Equal(Expected, flags.OrThrow("read") & Expected);
        Assert.Equal(1ul, PageMap.MappedTimes(frame).OrThrow("read"));
        Assert.Equal(Errno.EINVAL, PageMap.FlagsOf(1UL << 45).Errno);
    }

    [Fact]
    public void A_mapping_is_found_by_an_address_in_it()
    {
        using MemoryFd file = MemFds.CreateSealed("found", new byte[Page]).OrThrow("make a memfd");
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        using MappingFinder finder = MappingFinder.Open(own).OrThrow("open");
        MemoryMapping stack = MemoryMapping.ReadAll(own).Value.Single(mapping => mapping.Name == "[stack]");

        SysResult<MemoryMapping> found = finder.Find(stack.End - 1);

        Assert.SkipWhen(found.Errno == Errno.ENOTTY, "needs PROCMAP_QUERY (Linux 6.11)");
        Assert.Equal(stack with { Start = 0 }, found.OrThrow("find") with { Start = 0 });
        Assert.Equal(Errno.ENOENT, finder.Find(16).Errno);
    }

    [Fact]
    public void The_next_mapping_of_a_kind_is_found_and_its_build_id()
    {
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        using MappingFinder finder = MappingFinder.Open(own).OrThrow("open");
        const MappingQueryFlags Code =
            MappingQueryFlags.PROCMAP_QUERY_COVERING_OR_NEXT_VMA
            | MappingQueryFlags.PROCMAP_QUERY_VMA_EXECUTABLE
            | MappingQueryFlags.PROCMAP_QUERY_FILE_BACKED_VMA;
        SysResult<MemoryMapping> found = finder.Find(4096, Code);
        Assert.SkipWhen(found.Errno == Errno.ENOTTY, "needs PROCMAP_QUERY (Linux 6.11)");
        MemoryMapping mapping = found.OrThrow("find");
        Assert.Contains(mapping, MemoryMapping.ReadAll(own).Value);
        Assert.True(mapping.Inode != 0 && mapping.Protection.HasFlag(ProtectionFlags.PROT_EXEC));

        MemoryMapping libc = MemoryMapping
            .ReadAll(own)
            .Value.First(one => one.Name.Contains("/libc.so", StringComparison.Ordinal));
        Assert.Equal(20, finder.BuildIdAt(libc.Start).OrThrow("build id").Length);
    }

    [Fact]
    public void Structs_are_as_large_as_their_requests_say()
    {
        Assert.Equal(96, Unsafe.SizeOf<PageScan>());
        Assert.Equal(24, Unsafe.SizeOf<PageRegion>());
        Assert.Equal(104, Unsafe.SizeOf<MappingQuery>());
        Assert.Equal(512, Unsafe.SizeOf<StatMount>());
        Assert.Equal(32, Unsafe.SizeOf<MountRequest>());
        Assert.Equal(16, Unsafe.SizeOf<MountNamespaceInfo>());
    }
}
