namespace Tare.Linux;

/// <summary>A mount, as a mount namespace shows it. proc_pid_mountinfo(5).</summary>
public sealed record MountEntry
{
    /// <summary>The mount's number; it may be used again after an unmount.</summary>
    public required int Id { get; init; }

    /// <summary>The number of the mount that it lies on; for the root, one that is not in the list.</summary>
    public required int ParentId { get; init; }

    /// <summary>The device of its file system.</summary>
    public required DeviceNumber Device { get; init; }

    /// <summary>Which directory of the file system is shown here: <c>/</c> is all of it.</summary>
    public required BytePath Root { get; init; }

    /// <summary>Where it is, seen from the process's root.</summary>
    public required BytePath MountPoint { get; init; }

    /// <summary>The mount's own options, separated by commas: <c>ro,nosuid,relatime</c>.</summary>
    public required string Options { get; init; }

    /// <summary>The peer group that mounts propagate to and from, or null for a mount that is not shared.</summary>
    public int? SharedGroup { get; init; }

    /// <summary>The peer group that mounts propagate from, or null for a mount that is no slave.</summary>
    public int? MasterGroup { get; init; }

    /// <summary>The nearest dominant peer group under the process's root, where that is another than the master.</summary>
    public int? PropagateFromGroup { get; init; }

    /// <summary>It cannot be bound elsewhere.</summary>
    public bool Unbindable { get; init; }

    /// <summary>The file system's type: <c>ext4</c>, <c>fuse.sshfs</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The device or whatever the type makes of it.</summary>
    public required string Source { get; init; }

    /// <summary>The file system's options, separated by commas: <c>rw,size=65536k</c>.</summary>
    public required string SuperOptions { get; init; }

    /// <summary>One of the mount's own options is there: <c>ro</c>, <c>noexec</c>.</summary>
    public bool HasOption(ReadOnlySpan<char> option) => CommaList.Contains(Options, option);

    /// <summary>One of the file system's options is there.</summary>
    public bool HasSuperOption(ReadOnlySpan<char> option) => CommaList.Contains(SuperOptions, option);

    /// <summary>Nobody can write through this mount: the mount or the file system is read-only.</summary>
    public bool IsReadOnly => HasOption("ro") || HasSuperOption("ro");
}
