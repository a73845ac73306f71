using System.Collections.Immutable;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>What a mount does.</summary>
public enum MountKind
{
    /// <summary>Mounts a file system by its type.</summary>
    FileSystem,

    /// <summary>Shows a file or directory of the host.</summary>
    Bind,

    /// <summary>Changes a mount that is there.</summary>
    Remount,

    /// <summary>Shows the container's cgroup (type <c>cgroup</c>).</summary>
    Cgroup,
}

/// <summary>One mount.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Destination">Where.</param>
/// <param name="Type">The file system's type; empty for a bind mount.</param>
/// <param name="Source">The host's absolute path for a bind mount; else what the file system is told.</param>
/// <param name="Options">Its options.</param>
public sealed record ValidatedMount(
    MountKind Kind,
    ContainerPath Destination,
    string Type,
    string Source,
    MountOptions Options
)
{
    /// <summary>How the owners of its files are mapped; null where they are not.</summary>
    public ValidatedIdMap? IdMap { get; init; }

    /// <summary>The SELinux context of everything in it; null leaves it to the policy.</summary>
    public string? Label { get; init; }

    /// <summary>The mount is a procfs.</summary>
    public bool IsProc => Kind == MountKind.FileSystem && Type == "proc";

    /// <summary>The mount is a tmpfs: empty until something is put there.</summary>
    public bool IsTmpfs => Kind == MountKind.FileSystem && Type == "tmpfs";

    /// <summary>The mount begins with a copy of what it covers.</summary>
    public bool CopiesUp => Options.CopiesUp;

    /// <summary>
    /// The mount is a file system that lies on something: its source, or paths among its options, are the host's. All others
    /// are the kernel's own, and their source is only a word.
    /// </summary>
    public bool IsOfHost => Kind == MountKind.FileSystem && !KernelFileSystems.Contains(Type);
}

/// <summary>How the owners of a mount's files are mapped.</summary>
/// <param name="Uids">The users.</param>
/// <param name="Gids">The groups.</param>
/// <param name="WithMountsBelow">Those of everything mounted below, too.</param>
public sealed record ValidatedIdMap(
    ImmutableArray<IdMapping> Uids,
    ImmutableArray<IdMapping> Gids,
    bool WithMountsBelow
);
