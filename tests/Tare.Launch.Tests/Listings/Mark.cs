namespace Tare.Launch.Tests.Listings;

/// <summary>A place in an expected listing.</summary>
internal sealed class Mark
{
    /// <summary>The index of the instruction that it stands before.</summary>
    public int Line { get; set; } = -1;
}
