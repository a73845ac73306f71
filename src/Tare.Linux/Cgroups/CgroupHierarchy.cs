namespace Tare.Linux;

/// <summary>A mounted tree of cgroups. cgroups(7).</summary>
public sealed record CgroupHierarchy
{
    /// <summary>1 or 2.</summary>
    public required int Version { get; init; }

    /// <summary>Its controllers: of v1 what it was mounted with, of v2 what the mount's root can hand down.</summary>
    public required IReadOnlyList<string> Controllers { get; init; }

    /// <summary>A v1 hierarchy's name (<c>systemd</c>), or null.</summary>
    public string? Name { get; init; }

    /// <summary>Where it is mounted.</summary>
    public required string MountPoint { get; init; }

    /// <summary>Which group is shown at the mount point: <c>/</c> is the root of the reader's cgroup namespace.</summary>
    public required string Root { get; init; }

    /// <summary>It is mounted read-only.</summary>
    public required bool IsReadOnly { get; init; }

    /// <summary>The calling process's group, as /proc/self/cgroup has it.</summary>
    public required string OwnPath { get; init; }

    /// <summary>The directory of the calling process's group, or null where the mount does not show it.</summary>
    public string? OwnDirectory => DirectoryOf(OwnPath);

    /// <summary>The directory of a group, or null where the mount does not show it.</summary>
    /// <param name="path">The group as /proc/PID/cgroup has it: absolute.</param>
    public string? DirectoryOf(string path)
    {
        string? below =
            Root == "/" ? path
            : path == Root ? "/"
            : path.StartsWith(Root + "/", StringComparison.Ordinal) ? path[Root.Length..]
            : null;
        return below is null || below.StartsWith("/..", StringComparison.Ordinal) ? null
            : below == "/" ? MountPoint
            : MountPoint + below;
    }
}
