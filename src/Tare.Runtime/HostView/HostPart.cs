namespace Tare.Runtime.HostView;

/// <summary>How a part of the machine's file tree appears in a view of it.</summary>
public enum HostPartKind
{
    /// <summary>An overlay: the machine's files below, writes in memory on top.</summary>
    CopyOnWrite,

    /// <summary>The machine's files, not to be written.</summary>
    ReadOnly,

    /// <summary>An empty file system in memory.</summary>
    Fresh,

    /// <summary>Nothing: what lies below a mount point shows, usually an empty directory.</summary>
    LeftOut,
}

/// <summary>A part of the machine's file tree and how it appears in a view of it.</summary>
/// <param name="Path">Absolute, without symbolic links.</param>
/// <param name="Kind">How it appears.</param>
public sealed record HostPart(string Path, HostPartKind Kind)
{
    /// <summary>The directory of the machine that is shown; null is <see cref="Path"/> itself.</summary>
    public string? Source { get; init; }

    /// <summary>Everything mounted below comes with it (<see cref="HostPartKind.ReadOnly"/> only).</summary>
    public bool IsRecursive { get; init; }

    /// <summary>It is a single file, not a directory.</summary>
    public bool IsFile { get; init; }

    /// <summary>Nothing on it can be executed, as on the machine itself.</summary>
    public bool IsNoExec { get; init; }

    /// <summary>The part lies where the view has no directory yet: in a fresh part.</summary>
    public bool NeedsDirectory { get; init; }

    /// <summary>The owner of the topmost directory.</summary>
    public uint Uid { get; init; }

    /// <summary>The group of the topmost directory.</summary>
    public uint Gid { get; init; }

    /// <summary>The permission bits of the topmost directory.</summary>
    public uint Mode { get; init; } = 0x1ED;

    /// <summary>Why it does not appear as one would expect; null where it does.</summary>
    public string? Reason { get; init; }
}
