using System.Text;
using Tare.Linux;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// All that a program did to the files of the machine in a copy-on-write view, in the order in which it can be done to
/// the machine: what is added or modified, a directory before what lies in it; then what is deleted, a directory after
/// it. Only data.
/// </summary>
public sealed record ChangeSet
{
    /// <summary>The parts of the view.</summary>
    public required IReadOnlyList<ChangedPart> Parts { get; init; }

    /// <summary>When the view was made, by the clock of its state directory's file system.</summary>
    public required FileTime Since { get; init; }

    /// <summary>The changes.</summary>
    public required IReadOnlyList<Change> Changes { get; init; }

    /// <summary>The directories of the machine that the program replaced by new ones.</summary>
    public required IReadOnlyList<ReplacedDirectory> Replaced { get; init; }

    /// <summary>The path of a change as the program saw it: bytes, absolute.</summary>
    public BytePath PathOf(Change change) => PathOf(change.Part, change.Path);

    /// <summary>A path of a part as the program saw it: bytes, absolute.</summary>
    public BytePath PathOf(int part, BytePath path) => Join(Parts[part].Path, path);

    /// <summary>The path of a change on the machine.</summary>
    public BytePath TargetOf(Change change) => Join(Parts[change.Part].Source, change.Path);

    private static BytePath Join(string top, BytePath path)
    {
        string slash = path.IsEmpty || top == "/" ? "" : "/";
        return BytePath.FromBytes([.. Encoding.UTF8.GetBytes(top + slash), .. path.Bytes]);
    }
}
