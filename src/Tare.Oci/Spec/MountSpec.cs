namespace Tare.Oci;

/// <summary>One mount. config.md, "Mounts".</summary>
public sealed record MountSpec
{
    /// <summary>Where, inside the container; a relative one counts from its root (deprecated by the specification).</summary>
    public required string Destination { get; init; }

    /// <summary>The file system's name as in /proc/filesystems; meaningless for a bind mount.</summary>
    public string? Type { get; init; }

    /// <summary>A device, a dummy, or for a bind mount a path, absolute or relative to the bundle.</summary>
    public string? Source { get; init; }

    /// <summary>Options of mount(8) and of the file system, in the document's order.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>How users of files are mapped in this mount.</summary>
    public IReadOnlyList<IdMapping> UidMappings { get; init; } = [];

    /// <summary>How groups of files are mapped in this mount.</summary>
    public IReadOnlyList<IdMapping> GidMappings { get; init; } = [];
}
