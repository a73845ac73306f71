using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Monitoring;

public sealed class MemoryLayoutTests
{
    private const string Maps = """
        400000-401000 r--p 00000000 fe:00 10                     /bin/a
        401000-402000 r-xp 00001000 fe:00 10                     /bin/a
        402000-403000 r--p 00002000 fe:00 10                     /bin/a
        403000-404000 rw-p 00003000 fe:00 10                     /bin/a
        404000-406000 rw-p 00000000 00:00 0 
        800000-821000 rw-p 00000000 00:00 0                      [heap]
        7f0000000000-7f0000010000 rw-p 00000000 00:00 0 
        7f0000010000-7f0000020000 ---p 00000000 00:00 0 
        7f0000100000-7f0000200000 r--p 00000000 fe:00 11         /data
        7f0000200000-7f0000300000 rw-s 00000000 00:01 12         /dev/zero (deleted)
        7f0000300000-7f0000400000 rwxs 00000000 00:01 13         /memfd:code (deleted)
        7f0000400000-7f0000401000 rw-p 00000000 00:00 0          [anon:mine]
        7ffe00000000-7ffe00021000 rw-p 00000000 00:00 0          [stack]
        7ffe00030000-7ffe00034000 r--p 00000000 00:00 0          [vvar]
        7ffe00034000-7ffe00036000 r-xp 00000000 00:00 0          [vdso]
        """;

    [Fact]
    public void Every_mapping_is_for_something()
    {
        MemoryLayout layout = MemoryLayout.Of(
            1,
            [.. MemoryMapping.ParseAll(Encoding.UTF8.GetBytes(Maps)).Select(one => (one, (MappingUsage?)null))]
        );

        Assert.Equal(
            [
                MemoryRegionKind.ReadOnlyData,
                MemoryRegionKind.Text,
                MemoryRegionKind.ReadOnlyData,
                MemoryRegionKind.Data,
                MemoryRegionKind.Bss,
                MemoryRegionKind.Heap,
                MemoryRegionKind.Anonymous,
                MemoryRegionKind.Reserved,
                MemoryRegionKind.FileMapping,
                MemoryRegionKind.SharedMemory,
                MemoryRegionKind.SharedMemory,
                MemoryRegionKind.Anonymous,
                MemoryRegionKind.Stack,
                MemoryRegionKind.Vdso,
                MemoryRegionKind.Vdso,
            ],
            layout.Regions.Select(region => region.Kind)
        );
        Assert.Equal(
            ["/bin/a", "heap", "anonymous", "/data", "/dev/zero", "/memfd:code", "anon:mine", "stack", "vdso"],
            layout.Areas.Select(area => area.Name)
        );
        Assert.Equal((0x400000ul, 0x6000ul), (layout.Areas[0].Start, layout.Areas[0].Length));
        Assert.Null(layout.Total);
        Assert.Equal(MemoryRegionKind.Bss, layout.At(0x405fff)!.Kind);
        Assert.Null(layout.At(0x406000));
    }

    [Fact]
    public void The_own_address_space_is_read()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(1 << 20).Value!;

        MemoryLayout layout = MemoryLayout.Read(Environment.ProcessId);

        MemoryRegion region = layout.At((ulong)memory.Address)!;
        Assert.Equal(MemoryRegionKind.Anonymous, region.Kind);
        Assert.True(region.Usage!.Private >= 1 << 20);
        Assert.Equal(MemoryRegionKind.Stack, layout.At(layout.Bounds.StartStack)!.Kind);
        Assert.Equal(MemoryRegionKind.Text, layout.At(layout.Bounds.StartCode + 1)?.Kind ?? MemoryRegionKind.Text);
        Assert.Equal((ulong)Environment.SystemPageSize, layout.AuxiliaryVector[AuxiliaryType.AT_PAGESZ]);
        Assert.Equal(MemoryRegionKind.Vdso, layout.At(layout.AuxiliaryVector[AuxiliaryType.AT_SYSINFO_EHDR])!.Kind);
        Assert.NotNull(layout.SumOf(MemoryRegionKind.Text));
        MappingUsage total = layout.Total!;
        Assert.Equal(total.Resident, total.Shared + total.Private);
        Assert.InRange(total.Proportional, 1, total.Resident);
    }

    [Fact]
    public void Usage_is_left_out_where_it_is_not_asked_for() =>
        Assert.All(MemoryLayout.Read(Environment.ProcessId, usage: false).Regions, region => Assert.Null(region.Usage));
}
