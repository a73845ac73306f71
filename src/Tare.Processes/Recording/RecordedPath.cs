namespace Tare.Processes;

/// <summary>A path that a program used.</summary>
/// <param name="Path">
/// Absolute and without symbolic links, as the recording process sees it. What is a process's own in /proc is
/// <c>/proc/self</c>.
/// </param>
/// <param name="Access">What it did with it.</param>
public sealed record RecordedPath(string Path, RecordedAccess Access)
{
    /// <summary>Everything by which something comes into being.</summary>
    internal const RecordedAccess Making =
        RecordedAccess.MakeFile
        | RecordedAccess.MakeDirectory
        | RecordedAccess.MakeSocket
        | RecordedAccess.MakePipe
        | RecordedAccess.MakeSymbolicLink
        | RecordedAccess.MakeCharacterDevice
        | RecordedAccess.MakeBlockDevice;

    /// <summary>It was made, as a file, a directory or anything else.</summary>
    public bool Made => (Access & Making) != 0;

    /// <summary>Nothing was there whenever it was used, and it was not made.</summary>
    public bool Missing { get; init; }

    /// <summary>It is a device.</summary>
    public bool Device { get; init; }

    /// <summary>The same path with what both say.</summary>
    internal RecordedPath With(RecordedPath other) =>
        this with
        {
            Access = Access | other.Access,
            Missing = Missing && other.Missing,
            Device = Device || other.Device,
        };
}
