using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Inspecting;

/// <summary>An address space as a book on operating systems draws it: bands from high to low addresses.</summary>
internal static class MemoryDrawing
{
    // Below this, what lies between two mappings is a guard or an alignment, and no room for growth.
    private const ulong SmallestGap = 1 << 20;
    private const int NamesOfFolded = 4;

    /// <summary>The bands, from high to low addresses.</summary>
    /// <param name="layout">The address space.</param>
    /// <param name="program">The program's path; null where it is not known.</param>
    /// <param name="limit">At most this many are drawn one by one; of the others, neighbours are drawn together.</param>
    public static IReadOnlyList<MemoryBand> Of(MemoryLayout layout, string? program, int limit)
    {
        List<MemoryBand> areas = [.. layout.Areas.Select(area => BandOf(area, layout, program))];
        areas = Folded(Joined(areas), limit);
        List<MemoryBand> bands = [];
        for (int i = areas.Count - 1; i >= 0; i--)
        {
            ulong above = i == areas.Count - 1 ? areas[i].End : areas[i + 1].Start;
            if (above - areas[i].End >= SmallestGap)
            {
                bands.Add(new(BandKind.Gap, "", areas[i].End, above, []));
            }

            bands.Add(areas[i]);
        }

        // What is above half of all addresses is the kernel's, on x64 and arm64; [vsyscall] is shown to processes there.
        bands.RemoveAll(band => band.Start >= 1UL << 63 || (band.Kind == BandKind.Gap && band.End >= 1UL << 63));
        bands.Insert(0, new(BandKind.Kernel, "kernel", 1UL << 63, 0, []));
        return bands;
    }

    /// <summary>A file's name without its folders.</summary>
    public static string ShortName(string path) => path.StartsWith('/') ? path[(path.LastIndexOf('/') + 1)..] : path;

    private static MemoryBand BandOf(MemoryArea area, MemoryLayout layout, string? program)
    {
        MemoryMapping first = area.Regions[0].Mapping;
        bool isProgram =
            (first.FilePath is { } path && path == program)
            || (layout.Bounds.StartCode >= area.Start && layout.Bounds.StartCode < area.End);
        BandKind kind = area.Regions[0].Kind switch
        {
            MemoryRegionKind.Heap => BandKind.Heap,
            MemoryRegionKind.Stack => BandKind.Stack,
            MemoryRegionKind.Vdso => BandKind.Vdso,
            MemoryRegionKind.SharedMemory => BandKind.Shared,
            _ when isProgram => BandKind.Program,
            _ when area.Regions.Any(region => region.Kind == MemoryRegionKind.Text) => BandKind.Library,
            _ when first.FilePath is not null => BandKind.File,
            _ => BandKind.Anonymous,
        };
        return new(kind, area.Name, area.Start, area.End, area.Regions);
    }

    // What the kernel gives is several mappings of different names; a program's may lie apart.
    private static List<MemoryBand> Joined(List<MemoryBand> areas)
    {
        List<MemoryBand> joined = [];
        foreach (MemoryBand area in areas)
        {
            if (
                joined.Count > 0
                && joined[^1] is var last
                && last.Kind == area.Kind
                && last.End == area.Start
                && area.Kind is BandKind.Vdso
            )
            {
                joined[^1] = new(area.Kind, "vdso, vvar", last.Start, area.End, [.. last.Regions, .. area.Regions]);
                continue;
            }

            joined.Add(area);
        }

        return joined;
    }

    private static List<MemoryBand> Folded(List<MemoryBand> areas, int limit)
    {
        bool IsKept(MemoryBand area) =>
            area.Kind is BandKind.Stack or BandKind.Heap or BandKind.Program or BandKind.Vdso;

        int room = limit - areas.Count(IsKept);
        if (areas.Count <= limit)
        {
            return areas;
        }

        HashSet<ulong> drawn =
        [
            .. areas
                .Where(area => !IsKept(area))
                .OrderByDescending(area => area.Usage?.Resident ?? (long)area.Length)
                .Take(Math.Max(room, 0))
                .Select(area => area.Start),
        ];
        List<MemoryBand> folded = [];
        List<MemoryBand> open = [];
        foreach (MemoryBand area in areas)
        {
            if (!IsKept(area) && !drawn.Contains(area.Start))
            {
                open.Add(area);
                continue;
            }

            Close();
            folded.Add(area);
        }

        Close();
        return folded;

        void Close()
        {
            if (open.Count > 0)
            {
                folded.Add(open.Count == 1 ? open[0] : Together(open));
                open = [];
            }
        }
    }

    private static MemoryBand Together(List<MemoryBand> areas)
    {
        string[] names = [.. areas.Select(area => ShortName(area.Name)).Distinct(StringComparer.Ordinal)];
        string shown = string.Join(", ", names.Take(NamesOfFolded)) + (names.Length > NamesOfFolded ? ", …" : "");
        return new(
            BandKind.Folded,
            $"{areas.Count} more: {shown}",
            areas[0].Start,
            areas[^1].End,
            [.. areas.SelectMany(area => area.Regions)]
        );
    }
}
