using System.Globalization;
using Spectre.Console;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Cli.Inspecting;

/// <summary>An address space drawn with characters, high addresses above.</summary>
internal static class MemoryText
{
    private const int Inside = 46;
    private const int Bar = 12;
    private const ulong KernelStart = 1UL << 63;
    private static readonly string NoAddress = new(' ', 14);

    /// <summary>The lines and their colours.</summary>
    public static IEnumerable<(string Line, Color? Colour)> Lines(IReadOnlyList<MemoryBand> bands)
    {
        yield return ($"{NoAddress}┌{new string('─', Inside)}┐", null);
        ulong? below = null;
        foreach (MemoryBand band in bands)
        {
            if (below == KernelStart)
            {
                yield return ($"{NoAddress}├{new string('─', Inside)}┤", null);
                yield return ($"{NoAddress}┊{Centred("⋮")}┊", null);
                yield return ($"{Address(band.End)}├{new string('─', Inside)}┤", null);
            }
            else if (below is not null)
            {
                yield return ($"{Address(below.Value)}├{new string('─', Inside)}┤", null);
                if (band.End != below && band.Kind != BandKind.Gap)
                {
                    yield return ($"{NoAddress}│{Centred("⋮")}│", null);
                    yield return ($"{Address(band.End)}├{new string('─', Inside)}┤", null);
                }
            }

            foreach (string line in Body(band))
            {
                yield return (line, ColourOf(band.Kind));
            }

            below = band.Start;
        }

        yield return ($"{Address(below ?? 0)}└{new string('─', Inside)}┘", null);
    }

    /// <summary>What a kind is called.</summary>
    public static string NameOf(MemoryRegionKind kind) =>
        kind switch
        {
            MemoryRegionKind.Text => "text",
            MemoryRegionKind.ReadOnlyData => "constants",
            MemoryRegionKind.Data => "data",
            MemoryRegionKind.Bss => "bss",
            MemoryRegionKind.Heap => "heap",
            MemoryRegionKind.Stack => "stack",
            MemoryRegionKind.Vdso => "kernel's",
            MemoryRegionKind.FileMapping => "file",
            MemoryRegionKind.Anonymous => "anonymous",
            MemoryRegionKind.SharedMemory => "shared memory",
            MemoryRegionKind.Reserved => "reserved",
            _ => "other",
        };

    /// <summary><c>rwxp</c>, as maps has it.</summary>
    public static string Permissions(MemoryMapping mapping) =>
        string.Concat(
            (mapping.Protection & ProtectionFlags.PROT_READ) != 0 ? 'r' : '-',
            (mapping.Protection & ProtectionFlags.PROT_WRITE) != 0 ? 'w' : '-',
            (mapping.Protection & ProtectionFlags.PROT_EXEC) != 0 ? 'x' : '-',
            mapping.IsShared ? "s" : "p"
        );

    private static IEnumerable<string> Body(MemoryBand band)
    {
        switch (band.Kind)
        {
            case BandKind.Kernel:
                yield return $"{NoAddress}│{Centred("the kernel's")}│";
                yield break;
            case BandKind.Gap:
                yield return $"{NoAddress}┊{Centred($"{Words.Size((long)band.Length)} with nothing")}┊";
                yield break;
        }

        string name = Visible.Of(MemoryDrawing.ShortName(band.Name));
        yield return $"{NoAddress}│ {Fit(name, Words.Size(band.Mapped))} │{Share(band.Usage)}";
        if (band.Kind is BandKind.Program or BandKind.Library)
        {
            foreach ((MemoryRegionKind kind, IReadOnlyList<MemoryRegion> regions) in band.Segments)
            {
                string text = $"  {NameOf(kind), -14}{Permissions(regions[0].Mapping)}";
                long size = regions.Sum(region => (long)region.Mapping.Length);
                yield return $"{NoAddress}│ {Fit(text, Words.Size(size))} │{Share(MemoryLayout.SumOf(regions))}";
            }
        }
    }

    // What is in memory: a bar of its own part and the shared one, and both as numbers.
    private static string Share(MappingUsage? usage)
    {
        if (usage is null)
        {
            return "";
        }

        if (usage.Resident == 0)
        {
            return $" {new string('·', Bar)} nothing in memory" + Swapped(usage);
        }

        int own = Math.Min((int)Math.Round((double)Bar * usage.Private / usage.Resident), Bar);
        return $" {new string('█', own)}{new string('░', Bar - own)} {Words.Size(usage.Private)} private, {Words.Size(usage.Shared)} shared"
            + Swapped(usage);
    }

    private static string Swapped(MappingUsage usage) => usage.Swap > 0 ? $", {Words.Size(usage.Swap)} swapped" : "";

    private static string Fit(string name, string size)
    {
        int room = Inside - 2 - size.Length - 1;
        string shown = name.Length > room ? name[..(room - 1)] + "…" : name.PadRight(room);
        return $"{shown} {size}";
    }

    private static string Centred(string text)
    {
        int left = (Inside - text.Length) / 2;
        return new string(' ', left) + text.PadRight(Inside - left);
    }

    private static string Address(ulong address) => string.Create(CultureInfo.InvariantCulture, $"{address, 13:x} ");

    private static Color? ColourOf(BandKind kind) =>
        kind switch
        {
            BandKind.Stack => Color.Blue,
            BandKind.Heap => Color.Red,
            BandKind.Program => Color.Green,
            BandKind.Library => Color.Yellow,
            BandKind.Shared => Color.Purple,
            BandKind.Kernel or BandKind.Gap => Color.Grey,
            _ => null,
        };
}
