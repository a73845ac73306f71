namespace Tare.Runtime.HostView;

/// <summary>For whom a view of the machine's own file tree is made.</summary>
public sealed record HostViewRequest
{
    /// <summary>
    /// The caller may mount (CAP_SYS_ADMIN in the machine's own user namespace): every file system can be overlaid.
    /// Otherwise the view is made in a user namespace, and only what the caller owns can be.
    /// </summary>
    public required bool IsPrivileged { get; init; }

    /// <summary>The caller's user number.</summary>
    public required uint Uid { get; init; }

    /// <summary>The directory that the program starts in, absolute and without symbolic links.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The caller's home directory, absolute and without symbolic links; null where there is none.</summary>
    public string? Home { get; init; }

    /// <summary>Paths that get file systems of their own anyway: <c>/proc</c>, <c>/dev</c>, <c>/sys</c>.</summary>
    public IReadOnlyList<string> MountedElsewhere { get; init; } = ["/proc", "/dev", "/sys"];

    /// <summary>Directories that are empty in the view: <c>/tmp</c>.</summary>
    public IReadOnlyList<string> Fresh { get; init; } = ["/tmp"];

    /// <summary>Directories that are empty in the view whatever lies around them: where layers are kept.</summary>
    public IReadOnlyList<string> Hidden { get; init; } = [];
}
