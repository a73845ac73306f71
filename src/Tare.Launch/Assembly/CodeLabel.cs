namespace Tare.Launch.Assembly;

/// <summary>A place in machine code: bound once, branched to from before or after.</summary>
internal sealed class CodeLabel
{
    /// <summary>The offset in the code; -1 until the label is bound.</summary>
    public int Offset { get; set; } = -1;

    /// <summary>
    /// The last of the branches that wait for the offset, or -1. Where its displacement will go stands the one before it.
    /// </summary>
    public int Waiting { get; set; } = -1;
}
