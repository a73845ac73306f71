namespace Tare.Oci;

/// <summary>
/// What a container has used so far: the data of a <c>stats</c> event. runc's types/events.go has the names; what no
/// controller counts is null and written as zeros.
/// </summary>
public sealed record ContainerStatistics
{
    /// <summary>Processor time.</summary>
    public CpuStatistics? Cpu { get; init; }

    /// <summary>Where its processes may run.</summary>
    public CpusetStatistics? Cpuset { get; init; }

    /// <summary>Memory.</summary>
    public MemoryStatistics? Memory { get; init; }

    /// <summary>Processes and threads.</summary>
    public PidsStatistics? Pids { get; init; }

    /// <summary>Block devices.</summary>
    public BlockIoStatistics? BlockIo { get; init; }

    /// <summary>Huge pages, by their size as the kernel names it: <c>2MB</c>.</summary>
    public IReadOnlyDictionary<string, HugepageStatistics> Hugepages { get; init; } =
        new Dictionary<string, HugepageStatistics>();

    /// <summary>The interfaces of its own network namespace but loopback, as the container sees them.</summary>
    public IReadOnlyList<NetworkStatistics> Networks { get; init; } = [];
}
