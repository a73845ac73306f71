using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Inspecting;

/// <summary>What a part of an address space is, as books on operating systems draw it.</summary>
internal enum BandKind
{
    /// <summary>The kernel's addresses, which are no process's.</summary>
    Kernel,

    /// <summary>The first thread's stack.</summary>
    Stack,

    /// <summary>What the kernel gives every process.</summary>
    Vdso,

    /// <summary>A library: a file with instructions.</summary>
    Library,

    /// <summary>A file that is no program.</summary>
    File,

    /// <summary>Memory backed by no file.</summary>
    Anonymous,

    /// <summary>Memory shared with others.</summary>
    Shared,

    /// <summary>What brk(2) made longer.</summary>
    Heap,

    /// <summary>The program: bss, data, constants, text.</summary>
    Program,

    /// <summary>Several areas too small to be drawn one by one.</summary>
    Folded,

    /// <summary>Addresses that nothing is mapped to.</summary>
    Gap,
}

/// <summary>A part of an address space as it is drawn.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What is written into it.</param>
/// <param name="Start">The first address.</param>
/// <param name="End">The address behind the last; 0 for the end of all.</param>
/// <param name="Regions">The mappings, by rising address.</param>
internal sealed record MemoryBand(
    BandKind Kind,
    string Name,
    ulong Start,
    ulong End,
    IReadOnlyList<MemoryRegion> Regions
)
{
    /// <summary>Addresses, in bytes.</summary>
    public ulong Length => End - Start;

    /// <summary>Addresses of mappings, in bytes.</summary>
    public long Mapped => Regions.Sum(region => (long)region.Mapping.Length);

    /// <summary>What is in memory of it; null where that is not known.</summary>
    public MappingUsage? Usage => MemoryLayout.SumOf(Regions);

    /// <summary>The parts with a purpose of their own, from high to low addresses, neighbours of one kind together.</summary>
    public IEnumerable<(MemoryRegionKind Kind, IReadOnlyList<MemoryRegion> Regions)> Segments
    {
        get
        {
            List<MemoryRegion> open = [];
            foreach (MemoryRegion region in Regions.Reverse())
            {
                if (
                    open.Count > 0
                    && (open[^1].Kind != region.Kind || open[^1].Mapping.Protection != region.Mapping.Protection)
                )
                {
                    yield return (open[0].Kind, open);
                    open = [];
                }

                open.Add(region);
            }

            if (open.Count > 0)
            {
                yield return (open[0].Kind, open);
            }
        }
    }
}
