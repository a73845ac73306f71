namespace Tare.Runtime.Checkpoints;

/// <summary>How a container is saved.</summary>
/// <param name="Settings">What concerns CRIU.</param>
public sealed record CheckpointRequest(CriuSettings Settings)
{
    /// <summary>It goes on afterwards; otherwise it is deleted.</summary>
    public bool LeavesRunning { get; init; }

    /// <summary>Only its memory is saved, and it goes on: what comes after saves what has changed since.</summary>
    public bool IsPreDump { get; init; }

    /// <summary>The directory with the images of the dump before, relative to that of the images; null for none.</summary>
    public string? ParentPath { get; init; }

    /// <summary>Whom memory is sent to; null writes it to files.</summary>
    public PageServer? PageServer { get; init; }

    /// <summary>A descriptor of this process that a zero byte is written to, and that is closed, once pages can be asked for.</summary>
    public int? StatusDescriptor { get; init; }
}
