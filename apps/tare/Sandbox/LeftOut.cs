namespace Tare.Cli.Sandbox;

/// <summary>Something that was asked for and is left out, because it cannot be had here.</summary>
/// <param name="Option">The option that asked for it.</param>
/// <param name="Why">Why it cannot be had, and what helps.</param>
internal sealed record LeftOut(string Option, string Why);
