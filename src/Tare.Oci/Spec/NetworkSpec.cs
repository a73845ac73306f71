namespace Tare.Oci;

/// <summary>Marks of network traffic, which cgroup v1 alone has. config-linux.md, "Network".</summary>
public sealed record NetworkSpec
{
    /// <summary>The class that packets are tagged with.</summary>
    public uint? ClassId { get; init; }

    /// <summary>Priorities of packets on interfaces.</summary>
    public IReadOnlyList<InterfacePrioritySpec> Priorities { get; init; } = [];
}

/// <summary>The priority of packets on an interface.</summary>
/// <param name="Name">The interface in the runtime's network namespace.</param>
/// <param name="Priority">The priority.</param>
public sealed record InterfacePrioritySpec(string Name, uint Priority);
