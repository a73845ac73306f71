using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Where a path led when it was looked at.</summary>
/// <param name="Path">Absolute, without symbolic links where the kernel could follow them.</param>
/// <param name="Status">What is there; null where nothing is.</param>
/// <param name="Parent">What its directory is, where nothing is.</param>
internal sealed record SeenPath(string Path, StatX? Status, StatX? Parent)
{
    /// <summary>A directory is there.</summary>
    public bool IsDirectory => Is(FileModes.S_IFDIR);

    /// <summary>A device is there.</summary>
    public bool IsDevice => Is(FileModes.S_IFCHR) || Is(FileModes.S_IFBLK);

    /// <summary>A file of that type is there.</summary>
    public bool Is(FileModes type) => Status is { } status && (status.Mode & FileModes.S_IFMT) == type;
}
