using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What a process and the children it waited for used. getrusage(2).</summary>
/// <param name="UserTime">CPU time in user mode.</param>
/// <param name="SystemTime">CPU time in the kernel.</param>
/// <param name="PeakResidentBytes">The most memory that was resident at a time, of the largest of them.</param>
/// <param name="MinorFaults">Page faults without I/O.</param>
/// <param name="MajorFaults">Page faults with I/O.</param>
/// <param name="ReadBytes">Read from disks.</param>
/// <param name="WrittenBytes">Written to file systems on disks.</param>
/// <param name="VoluntarySwitches">Context switches while waiting.</param>
/// <param name="InvoluntarySwitches">Context switches because the time was up.</param>
public readonly record struct ResourceUsage(
    TimeSpan UserTime,
    TimeSpan SystemTime,
    long PeakResidentBytes,
    long MinorFaults,
    long MajorFaults,
    long ReadBytes,
    long WrittenBytes,
    long VoluntarySwitches,
    long InvoluntarySwitches
)
{
    /// <summary>CPU time in both modes.</summary>
    public TimeSpan CpuTime => UserTime + SystemTime;

    /// <summary>From the kernel's struct, whose units are KiB and 512 bytes.</summary>
    public static ResourceUsage From(in RUsage usage) =>
        new(
            SpanOf(usage.UserTime),
            SpanOf(usage.SystemTime),
            usage.MaximumResidentKibibytes * 1024,
            usage.MinorFaults,
            usage.MajorFaults,
            usage.InputBlocks * 512,
            usage.OutputBlocks * 512,
            usage.VoluntarySwitches,
            usage.InvoluntarySwitches
        );

    private static TimeSpan SpanOf(in TimeValue time) =>
        new((time.Seconds * TimeSpan.TicksPerSecond) + (time.Microseconds * TimeSpan.TicksPerMicrosecond));
}
