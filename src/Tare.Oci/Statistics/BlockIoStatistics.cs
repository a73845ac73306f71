namespace Tare.Oci;

/// <summary>What was done on block devices. Which of the lists there are, the kernel and its I/O scheduler decide.</summary>
public sealed record BlockIoStatistics
{
    /// <summary>Bytes.</summary>
    public IReadOnlyList<BlockIoCount> ServiceBytes { get; init; } = [];

    /// <summary>Operations.</summary>
    public IReadOnlyList<BlockIoCount> Serviced { get; init; } = [];

    /// <summary>Operations that wait.</summary>
    public IReadOnlyList<BlockIoCount> Queued { get; init; } = [];

    /// <summary>Nanoseconds from the device's beginning to its end.</summary>
    public IReadOnlyList<BlockIoCount> ServiceTime { get; init; } = [];

    /// <summary>Nanoseconds in queues.</summary>
    public IReadOnlyList<BlockIoCount> WaitTime { get; init; } = [];

    /// <summary>Operations that became part of others.</summary>
    public IReadOnlyList<BlockIoCount> Merged { get; init; } = [];

    /// <summary>Milliseconds of the device's time.</summary>
    public IReadOnlyList<BlockIoCount> Time { get; init; } = [];

    /// <summary>Sectors.</summary>
    public IReadOnlyList<BlockIoCount> Sectors { get; init; } = [];

    /// <summary>How much was waited for devices; null where the kernel does not say.</summary>
    public PressureStatistics? Pressure { get; init; }
}
