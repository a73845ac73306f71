using System.Globalization;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Inspecting;

/// <summary>The memory of a process in JSON. The regions are by rising address; null where they may not be known, or there are none.</summary>
internal sealed record MemoryDocument
{
    public required long VirtualBytes { get; init; }
    public required long ResidentBytes { get; init; }
    public required long AnonymousBytes { get; init; }
    public required long FileBytes { get; init; }
    public required long SharedMemoryBytes { get; init; }
    public required long PeakResidentBytes { get; init; }
    public required long SwappedBytes { get; init; }
    public required long LockedBytes { get; init; }
    public required long PageTableBytes { get; init; }
    public long? ProportionalBytes { get; init; }
    public long? PrivateBytes { get; init; }
    public long? SharedBytes { get; init; }
    public IReadOnlyList<RegionDocument>? Regions { get; init; }

    public static MemoryDocument Of(Inspection inspection)
    {
        ProcessMemoryUsage memory = inspection.Process.Memory;
        return new()
        {
            VirtualBytes = memory.Virtual,
            ResidentBytes = memory.Resident,
            AnonymousBytes = memory.ResidentAnonymous,
            FileBytes = memory.ResidentFile,
            SharedMemoryBytes = memory.ResidentShared,
            PeakResidentBytes = memory.PeakResident,
            SwappedBytes = memory.Swapped,
            LockedBytes = memory.Locked,
            PageTableBytes = memory.PageTables,
            ProportionalBytes = memory.Proportional?.Proportional,
            PrivateBytes = memory.Proportional?.Private,
            SharedBytes = memory.Proportional?.Shared,
            Regions = inspection.Memory?.Regions.Select(RegionDocument.Of).ToArray(),
        };
    }
}

/// <summary>A mapping.</summary>
internal sealed record RegionDocument
{
    public required string Kind { get; init; }
    public required string Start { get; init; }
    public required string End { get; init; }
    public required ulong SizeBytes { get; init; }
    public required string Permissions { get; init; }
    public required string Name { get; init; }
    public required ulong Offset { get; init; }
    public required ulong Inode { get; init; }
    public long? ResidentBytes { get; init; }
    public long? ProportionalBytes { get; init; }
    public long? PrivateCleanBytes { get; init; }
    public long? PrivateDirtyBytes { get; init; }
    public long? SharedCleanBytes { get; init; }
    public long? SharedDirtyBytes { get; init; }
    public long? SwappedBytes { get; init; }

    public static RegionDocument Of(MemoryRegion region)
    {
        MemoryMapping mapping = region.Mapping;
        MappingUsage? usage = region.Usage;
        return new()
        {
            Kind = MemoryText.NameOf(region.Kind),
            Start = mapping.Start.ToString("x", CultureInfo.InvariantCulture),
            End = mapping.End.ToString("x", CultureInfo.InvariantCulture),
            SizeBytes = mapping.Length,
            Permissions = MemoryText.Permissions(mapping),
            Name = mapping.Name,
            Offset = mapping.Offset,
            Inode = mapping.Inode,
            ResidentBytes = usage?.Resident,
            ProportionalBytes = usage?.Proportional,
            PrivateCleanBytes = usage?.PrivateClean,
            PrivateDirtyBytes = usage?.PrivateDirty,
            SharedCleanBytes = usage?.SharedClean,
            SharedDirtyBytes = usage?.SharedDirty,
            SwappedBytes = usage?.Swap,
        };
    }
}
