namespace Tare.Oci;

/// <summary>The limits of the container's cgroup. config-linux.md, "Control groups".</summary>
public sealed record ResourcesSpec
{
    /// <summary>Which devices may be used.</summary>
    public IReadOnlyList<DeviceRuleSpec> Devices { get; init; } = [];

    /// <summary>Limits of memory.</summary>
    public MemorySpec? Memory { get; init; }

    /// <summary>Shares and limits of processor time.</summary>
    public CpuSpec? Cpu { get; init; }

    /// <summary>The limit of the number of tasks.</summary>
    public PidsSpec? Pids { get; init; }

    /// <summary>Limits of huge pages, a size each.</summary>
    public IReadOnlyList<HugepageLimitSpec> HugepageLimits { get; init; } = [];

    /// <summary>Weights and limits of block I/O.</summary>
    public BlockIoSpec? BlockIo { get; init; }

    /// <summary>Marks of network traffic.</summary>
    public NetworkSpec? Network { get; init; }

    /// <summary>Limits of RDMA devices.</summary>
    public IReadOnlyList<RdmaSpec> Rdma { get; init; } = [];

    /// <summary>Files of cgroup v2 and what is written to them, as they are.</summary>
    public IReadOnlyDictionary<string, string> Unified { get; init; } = NoText.Map;
}
