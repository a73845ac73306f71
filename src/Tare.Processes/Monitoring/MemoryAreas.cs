namespace Tare.Processes;

/// <summary>Puts neighbouring regions that belong together into areas.</summary>
internal static class MemoryAreas
{
    /// <summary>The areas, by rising address.</summary>
    public static IReadOnlyList<MemoryArea> Of(IReadOnlyList<MemoryRegion> regions)
    {
        List<MemoryArea> areas = [];
        List<MemoryRegion> open = [];
        string name = "";
        foreach (MemoryRegion region in regions)
        {
            string own = NameOf(region, name);
            if (open.Count > 0 && (own != name || open[^1].Mapping.End != region.Mapping.Start))
            {
                areas.Add(new(name, open));
                open = [];
            }

            name = own;
            open.Add(region);
        }

        if (open.Count > 0)
        {
            areas.Add(new(name, open));
        }

        return areas;
    }

    // What begins as zero, and what is kept free between a library's parts, belongs to the file before it.
    private static string NameOf(MemoryRegion region, string before) =>
        region.Mapping.FilePath
        ?? region.Kind switch
        {
            MemoryRegionKind.Bss => before,
            MemoryRegionKind.Heap => "heap",
            MemoryRegionKind.Stack => "stack",
            MemoryRegionKind.Vdso => "vdso",
            MemoryRegionKind.Reserved or MemoryRegionKind.Anonymous when region.Mapping.Name.Length == 0 => "anonymous",
            _ when region.Mapping.Name.Length > 0 => region.Mapping.Name.Trim('[', ']'),
            MemoryRegionKind.SharedMemory => "shared memory",
            _ => "anonymous",
        };
}
