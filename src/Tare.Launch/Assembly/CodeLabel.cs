namespace Tare.Launch.Assembly;

/// <summary>A place in machine code: bound once, branched to from before or after.</summary>
internal sealed class CodeLabel
{
    private List<int>? waiting;

    /// <summary>The offset in the code; -1 until the label is bound.</summary>
    public int Offset { get; set; } = -1;

    /// <summary>Where instructions stand whose displacement waits for the offset. Most labels of a plan never have any.</summary>
    public List<int> Waiting => waiting ??= [];

    /// <summary>Some instruction's displacement waits for the offset.</summary>
    public bool IsAwaited => waiting is not null;
}
