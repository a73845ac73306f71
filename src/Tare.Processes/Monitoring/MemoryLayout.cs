using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// The address space of a process at one moment: what lies where, what for, and how much of it is in memory, its own or
/// shared. proc_pid_maps(5), proc_pid_smaps(5).
/// </summary>
public sealed record MemoryLayout
{
    /// <summary>Whose it is.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The regions, by rising address.</summary>
    public required IReadOnlyList<MemoryRegion> Regions { get; init; }

    /// <summary>Where code, data, heap, stack, arguments and environment begin and end.</summary>
    public required MemoryBounds Bounds { get; init; }

    /// <summary>What the kernel told the program when it was started.</summary>
    public required IReadOnlyDictionary<AuxiliaryType, ulong> AuxiliaryVector { get; init; }

    /// <summary>The sum of all regions; null where their usage was not asked for.</summary>
    public MappingUsage? Total => SumOf(Regions);

    /// <summary>The regions as they are drawn: neighbours that belong together are one area.</summary>
    public IReadOnlyList<MemoryArea> Areas => MemoryAreas.Of(Regions);

    /// <summary>A process by number.</summary>
    /// <param name="processId">Its number in the PID namespace of /proc.</param>
    /// <param name="usage">Also what is in memory, for which the kernel walks all of the process's pages.</param>
    /// <exception cref="ArgumentOutOfRangeException">No process has that number.</exception>
    /// <exception cref="KernelException">ESRCH: there is none. EACCES: no right to trace it.</exception>
    public static MemoryLayout Read(int processId, bool usage = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        return Read(ProcessSnapshot.Opened(ProcDirectory.Open(processId), processId), usage);
    }

    /// <summary>A process by its descriptor: that process or none.</summary>
    /// <exception cref="KernelException">ESRCH: it has been reaped. EACCES: no right to trace it.</exception>
    public static MemoryLayout Read(PidFd process, bool usage = true)
    {
        ArgumentNullException.ThrowIfNull(process);
        return Read(ProcessSnapshot.Opened(ProcDirectory.Open(process), null), usage);
    }

    /// <summary>A layout of what has been read already.</summary>
    /// <param name="processId">Whose it is.</param>
    /// <param name="mappings">All mappings by rising address, with their usage or with null.</param>
    public static MemoryLayout Of(int processId, IReadOnlyList<(MemoryMapping Mapping, MappingUsage? Usage)> mappings)
    {
        ArgumentNullException.ThrowIfNull(mappings);
        MemoryRegionKind[] kinds = MemoryClassification.Of([.. mappings.Select(one => one.Mapping)]);
        return new()
        {
            ProcessId = processId,
            Regions = [.. mappings.Select((one, i) => new MemoryRegion(kinds[i], one.Mapping, one.Usage))],
            Bounds = default,
            AuxiliaryVector = new Dictionary<AuxiliaryType, ulong>(),
        };
    }

    /// <summary>The sum of the regions of one kind; null where there are none or their usage was not asked for.</summary>
    public MappingUsage? SumOf(MemoryRegionKind kind) => SumOf(Regions.Where(region => region.Kind == kind));

    /// <summary>The region that an address lies in, or null.</summary>
    public MemoryRegion? At(ulong address) =>
        Regions.FirstOrDefault(region => address >= region.Mapping.Start && address < region.Mapping.End);

    /// <summary>The sum of some regions; null where there are none or their usage was not asked for.</summary>
    public static MappingUsage? SumOf(IEnumerable<MemoryRegion> regions)
    {
        MappingUsage? sum = null;
        foreach (MemoryRegion region in regions)
        {
            if (region.Usage is { } usage)
            {
                sum = sum?.Plus(usage) ?? usage;
            }
        }

        return sum;
    }

    private static MemoryLayout Read(DirectoryFd opened, bool usage)
    {
        using DirectoryFd process = opened;
        ProcStat stat = ProcStat.Read(process).OrThrow("read process");
        string target = stat.ProcessId.ToString();
        IReadOnlyList<(MemoryMapping, MappingUsage?)> mappings = usage
            ? [.. MappingUsage.ReadAll(process).OrThrow("read the memory of process", target)]
            :
            [
                .. MemoryMapping
                    .ReadAll(process)
                    .OrThrow("read the memory of process", target)
                    .Select(mapping => (mapping, (MappingUsage?)null)),
            ];
        return Of(stat.ProcessId, mappings) with
        {
            Bounds = stat.Bounds,
            AuxiliaryVector = Linux.AuxiliaryVector.Read(process).Value,
        };
    }
}
