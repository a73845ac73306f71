namespace Tare.Oci;

/// <summary>On which memory nodes the program's memory lies. config-linux.md, "Memory policy"; set_mempolicy(2).</summary>
public sealed record MemoryPolicySpec
{
    /// <summary>The mode: <c>MPOL_BIND</c> and so on.</summary>
    public required string Mode { get; init; }

    /// <summary>The nodes, as a list such as <c>0-1</c>; null for the modes that take none.</summary>
    public string? Nodes { get; init; }

    /// <summary>Flags: <c>MPOL_F_STATIC_NODES</c> and so on.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];
}
