namespace Tare.Linux;

/// <summary>Where a branch leads: to a place in the program, or to an answer.</summary>
/// <param name="Place">The place, counted from the program's end; -1 is an answer.</param>
/// <param name="Verdict">The answer.</param>
internal readonly record struct FilterTarget(int Place, uint Verdict)
{
    /// <summary>The end of the program: a call is decided.</summary>
    public static FilterTarget Answer(uint verdict) => new(-1, verdict);

    /// <summary>An instruction that has been written.</summary>
    public static FilterTarget At(int place) => new(place, 0);
}
