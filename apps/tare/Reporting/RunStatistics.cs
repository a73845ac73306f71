using Tare.Linux;
using Tare.Runtime.Cgroups;

namespace Tare.Cli.Reporting;

/// <summary>What a sandbox used, and who counted it.</summary>
internal sealed record RunStatistics
{
    /// <summary>From the program's start to its end.</summary>
    public required TimeSpan Wall { get; init; }

    /// <summary>From the beginning of this process to the program's start.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>Processor time in user mode.</summary>
    public required TimeSpan User { get; init; }

    /// <summary>Processor time in the kernel.</summary>
    public required TimeSpan System { get; init; }

    /// <summary>The most memory at once, in bytes.</summary>
    public required long PeakMemory { get; init; }

    /// <summary>Bytes read from block devices.</summary>
    public required long Read { get; init; }

    /// <summary>Bytes written to block devices.</summary>
    public required long Written { get; init; }

    /// <summary>The most processes and threads at once; null where nobody counts them.</summary>
    public long? PeakTasks { get; init; }

    /// <summary>
    /// The values that the cgroup counted, over all processes. The others are of rusage: of the program and of children
    /// that were waited for, and the memory of the largest of them.
    /// </summary>
    public required IReadOnlyList<string> CountedByCgroup { get; init; }

    /// <summary>Puts together what the cgroup counted, and where it did not, what waitid(2) told.</summary>
    public static RunStatistics Of(TimeSpan start, TimeSpan wall, ResourceUsage usage, CgroupStatistics? cgroup)
    {
        List<string> counted = [];
        bool hasTimes = cgroup is { UserTime: not null, SystemTime: not null };
        bool hasTransfers = cgroup is { ReadBytes: not null, WrittenBytes: not null };
        Count(hasTimes, "processor");
        Count(cgroup?.PeakMemory is not null, "memory");
        Count(hasTransfers, "transfers");
        Count(cgroup?.PeakTasks is not null, "tasks");
        return new RunStatistics
        {
            Start = start,
            Wall = wall,
            User = hasTimes ? cgroup!.UserTime!.Value : usage.UserTime,
            System = hasTimes ? cgroup!.SystemTime!.Value : usage.SystemTime,
            PeakMemory = cgroup?.PeakMemory ?? usage.PeakResidentBytes,
            Read = hasTransfers ? cgroup!.ReadBytes!.Value : usage.ReadBytes,
            Written = hasTransfers ? cgroup!.WrittenBytes!.Value : usage.WrittenBytes,
            PeakTasks = cgroup?.PeakTasks,
            CountedByCgroup = counted,
        };

        void Count(bool has, string what)
        {
            if (has)
            {
                counted.Add(what);
            }
        }
    }
}
