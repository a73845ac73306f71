namespace Tare.Runtime.HostView.Changes;

/// <summary>What <see cref="LayerScan"/> finds, of all parts.</summary>
internal sealed class ScanResult
{
    /// <summary>What is added and modified, a directory before what lies in it.</summary>
    public List<Change> Changes { get; } = [];

    /// <summary>What is deleted, a directory after what lies in it.</summary>
    public List<Change> Deletions { get; } = [];

    /// <summary>The directories that the program emptied or replaced by new ones.</summary>
    public List<ReplacedDirectory> Replaced { get; } = [];
}
