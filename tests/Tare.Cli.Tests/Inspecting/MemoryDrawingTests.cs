using Tare.Cli.Inspecting;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Tests.Inspecting;

/// <summary>Address spaces as they are drawn, from texts as the kernel writes them.</summary>
public class MemoryDrawingTests
{
    private const string Maps = """
        400000-401000 r--p 00000000 08:01 10 /usr/bin/prog
        401000-403000 r-xp 00001000 08:01 10 /usr/bin/prog
        403000-404000 rw-p 00003000 08:01 10 /usr/bin/prog
        404000-406000 rw-p 00000000 00:00 0 
        1000000-1021000 rw-p 00000000 00:00 0 [heap]
        7f0000000000-7f0000001000 r--p 00000000 08:01 20 /usr/lib/liba.so
        7f0000001000-7f0000002000 r-xp 00001000 08:01 20 /usr/lib/liba.so
        7f0000002000-7f0000003000 r--s 00000000 08:01 30 /srv/data
        7f0000010000-7f0000012000 rw-p 00000000 00:00 0 
        7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0 [stack]
        ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]

        """;

    [Fact]
    public void Bands_go_from_the_kernel_down_to_the_program()
    {
        IReadOnlyList<MemoryBand> bands = Draw(Maps, 60);

        Assert.Equal(
            [
                BandKind.Kernel,
                BandKind.Stack,
                BandKind.Gap,
                BandKind.Anonymous,
                BandKind.File,
                BandKind.Library,
                BandKind.Gap,
                BandKind.Heap,
                BandKind.Gap,
                BandKind.Program,
            ],
            bands.Select(band => band.Kind)
        );
    }

    [Fact]
    public void The_programs_parts_are_bss_data_text_constants()
    {
        MemoryBand program = Draw(Maps, 60)[^1];

        Assert.Equal(
            [MemoryRegionKind.Bss, MemoryRegionKind.Data, MemoryRegionKind.Text, MemoryRegionKind.ReadOnlyData],
            program.Segments.Select(segment => segment.Kind)
        );
        Assert.Equal(0x6000, program.Mapped);
    }

    [Fact]
    public void Gaps_have_the_addresses_that_nothing_is_mapped_to()
    {
        MemoryBand gap = Draw(Maps, 60)[2];

        Assert.Equal((0x7f0000012000UL, 0x7ffffffde000UL), (gap.Start, gap.End));
    }

    [Fact]
    public void Where_there_are_too_many_neighbours_are_drawn_together()
    {
        IReadOnlyList<MemoryBand> bands = Draw(Maps, 3);

        MemoryBand folded = Assert.Single(bands, band => band.Kind == BandKind.Folded);
        Assert.Equal("3 more: liba.so, data, anonymous", folded.Name);
        Assert.Equal(4, folded.Regions.Count);
        Assert.Contains(bands, band => band.Kind == BandKind.Stack);
        Assert.Contains(bands, band => band.Kind == BandKind.Program);
    }

    [Fact]
    public void Whatever_is_mapped_is_drawn_once_at_any_limit()
    {
        int regions = Draw(Maps, 60).Sum(band => band.Regions.Count);
        for (int limit = 0; limit < 12; limit++)
        {
            Assert.Equal(regions, Draw(Maps, limit).Sum(band => band.Regions.Count));
        }
    }

    private static IReadOnlyList<MemoryBand> Draw(string maps, int limit)
    {
        IReadOnlyList<MemoryMapping> mappings = MemoryMapping.ParseAll(System.Text.Encoding.UTF8.GetBytes(maps));
        MemoryLayout layout = MemoryLayout.Of(1, [.. mappings.Select(mapping => (mapping, (MappingUsage?)null))]);
        return MemoryDrawing.Of(layout, "/usr/bin/prog", limit);
    }
}
