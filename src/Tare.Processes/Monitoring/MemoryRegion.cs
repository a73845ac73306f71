using Tare.Linux;

namespace Tare.Processes;

/// <summary>A region of an address space: one mapping.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Mapping">Where it is and what may be done.</param>
/// <param name="Usage">What is in memory of it; null where not asked for.</param>
public sealed record MemoryRegion(MemoryRegionKind Kind, MemoryMapping Mapping, MappingUsage? Usage);

/// <summary>Neighbouring regions that belong together, as they are drawn: the program, a library, the heap, the stack.</summary>
/// <param name="Name">A file's path, <c>heap</c>, <c>stack</c>, <c>vdso</c>, <c>anonymous</c>, or the kernel's name.</param>
/// <param name="Regions">The regions, in rising order.</param>
public sealed record MemoryArea(string Name, IReadOnlyList<MemoryRegion> Regions)
{
    /// <summary>The first address.</summary>
    public ulong Start => Regions[0].Mapping.Start;

    /// <summary>The address behind the last.</summary>
    public ulong End => Regions[^1].Mapping.End;

    /// <summary>The size in bytes.</summary>
    public ulong Length => End - Start;
}
