namespace Tare.Oci;

/// <summary>A share of caches and of memory bandwidth (resctrl). config-linux.md, "IntelRdt".</summary>
public sealed record IntelRdtSpec
{
    /// <summary>The class of service: a name, <c>/</c> for the default one, null for one of the container's own.</summary>
    public string? ClosId { get; init; }

    /// <summary>The line of the L3 cache.</summary>
    public string? L3CacheSchema { get; init; }

    /// <summary>The line of the memory bandwidth.</summary>
    public string? MemBwSchema { get; init; }

    /// <summary>Further lines, in order.</summary>
    public IReadOnlyList<string> Schemata { get; init; } = [];

    /// <summary>The container gets a monitoring group of its own.</summary>
    public bool EnableMonitoring { get; init; }
}
