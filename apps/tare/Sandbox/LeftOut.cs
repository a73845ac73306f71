namespace Tare.Cli.Sandbox;

/// <summary>Something that was asked for and is left out, because it cannot be had here.</summary>
/// <param name="Option">The option that asked for it.</param>
/// <param name="Reason">Why it cannot be had.</param>
/// <param name="Remedy">What helps.</param>
internal sealed record LeftOut(string Option, string Reason, string? Remedy = null)
{
    /// <summary>The reason and what helps.</summary>
    public string Why => Remedy is null ? Reason : $"{Reason}: {Remedy}";
}
