namespace Tare.Runtime.HostView.Changes;

/// <summary>What became of a path.</summary>
public enum ChangeKind
{
    /// <summary>There was nothing.</summary>
    Added,

    /// <summary>There is something else now, or it has other properties.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,
}
