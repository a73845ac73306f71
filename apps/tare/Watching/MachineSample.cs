using Tare.Linux;

namespace Tare.Cli.Watching;

/// <summary>The machine since the look before. Percent of all processors' time, or of all time.</summary>
internal sealed record MachineSample
{
    /// <summary>Processors.</summary>
    public required int Processors { get; init; }

    /// <summary>Busy.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>In user mode.</summary>
    public required double UserPercent { get; init; }

    /// <summary>In the kernel, interrupts included.</summary>
    public required double SystemPercent { get; init; }

    /// <summary>Idle while a disk was waited for.</summary>
    public required double WaitPercent { get; init; }

    /// <summary>Taken by the machine's own host.</summary>
    public required double StolenPercent { get; init; }

    /// <summary>Memory now.</summary>
    public required MachineMemory Memory { get; init; }

    /// <summary>Time in which some task stood still for want of a processor; null where the kernel does not count it.</summary>
    public required double? CpuPressure { get; init; }

    /// <summary>The same of memory.</summary>
    public required double? MemoryPressure { get; init; }

    /// <summary>The same of disks.</summary>
    public required double? IoPressure { get; init; }

    /// <summary>Load of 1, 5 and 15 minutes, as the kernel writes it.</summary>
    public required string Load { get; init; }

    /// <summary>Time since the machine started.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>Memory in use, in percent.</summary>
    public double MemoryPercent => Memory.Total > 0 ? 100.0 * Memory.Used / Memory.Total : 0;
}
