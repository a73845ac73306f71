using Tare.Linux;

namespace Tare.Runtime.HostView.Changes;

/// <summary>What became of one path of the machine in a view of it. Only data.</summary>
public sealed record Change
{
    /// <summary>Which part of the view it lies in: an index into <see cref="ChangeSet.Parts"/>.</summary>
    public required int Part { get; init; }

    /// <summary>The path in the part, without a slash in front; empty is the part's own top directory.</summary>
    public required BytePath Path { get; init; }

    /// <summary>What became of it.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>In what it differs; of what is <see cref="ChangeKind.Modified"/> only.</summary>
    public ChangeAspects Aspects { get; init; }

    /// <summary>What the machine had when the changes were computed; null where there was nothing.</summary>
    public FileFacts? Before { get; init; }

    /// <summary>What the program left; null where it left nothing.</summary>
    public FileFacts? After { get; init; }

    /// <summary>
    /// Where what the program left is to be had, if not at <see cref="Path"/> in the upper layer: a path of the machine's in
    /// the same part, since the program has moved a directory of the machine's.
    /// </summary>
    public BytePath? MovedFrom { get; init; }

    /// <summary>It is another name of the file at this path of the part; null where it is none.</summary>
    public BytePath? LinkTo { get; init; }

    /// <summary>The machine's file was changed after the view was made: the program may have seen another.</summary>
    public bool IsStale { get; init; }
}
