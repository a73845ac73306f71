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
}
