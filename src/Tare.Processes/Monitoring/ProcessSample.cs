namespace Tare.Processes;

/// <summary>A process at one moment, and how fast it used things since the sample before.</summary>
/// <param name="Snapshot">The moment.</param>
/// <param name="Interval">Time since the sample before; zero for the first.</param>
/// <param name="CpuPercent">Processor time per time, in percent: 200 is two processors. 0 in the first.</param>
/// <param name="ReadBytesPerSecond">From disks; null where /proc/PID/io may not be read.</param>
/// <param name="WrittenBytesPerSecond">To disks; null where /proc/PID/io may not be read.</param>
/// <param name="FaultsPerSecond">Page faults.</param>
/// <param name="SwitchesPerSecond">Context switches of the first thread.</param>
public sealed record ProcessSample(
    ProcessSnapshot Snapshot,
    TimeSpan Interval,
    double CpuPercent,
    double? ReadBytesPerSecond,
    double? WrittenBytesPerSecond,
    double FaultsPerSecond,
    double SwitchesPerSecond
)
{
    /// <summary>A sample from two moments of the same process, for those who take the snapshots themselves.</summary>
    /// <param name="before">The sample before, or null.</param>
    /// <param name="now">This moment.</param>
    /// <param name="interval">Time between the two.</param>
    public static ProcessSample Between(ProcessSnapshot? before, ProcessSnapshot now, TimeSpan interval)
    {
        double seconds = interval.TotalSeconds;
        if (before is null || seconds <= 0)
        {
            return new(now, TimeSpan.Zero, 0, now.Io is null ? null : 0, now.Io is null ? null : 0, 0, 0);
        }

        return new(
            now,
            interval,
            Run(now, before).TotalSeconds / seconds * 100,
            Rate(now.Io?.ReadBytes - before.Io?.ReadBytes),
            Rate(now.Io?.WrittenBytes - before.Io?.WrittenBytes),
            (now.MinorFaults + now.MajorFaults - before.MinorFaults - before.MajorFaults) / seconds,
            (now.VoluntarySwitches + now.InvoluntarySwitches - before.VoluntarySwitches - before.InvoluntarySwitches)
                / seconds
        );

        double? Rate(long? amount) => amount / seconds;
    }

    private static TimeSpan Run(ProcessSnapshot now, ProcessSnapshot before) =>
        now.CpuTime > before.CpuTime ? now.CpuTime - before.CpuTime : TimeSpan.Zero;
}
