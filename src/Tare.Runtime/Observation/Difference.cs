namespace Tare.Runtime.Observation;

/// <summary>Something that is not as config.json has it.</summary>
/// <param name="Property">The property of config.json.</param>
/// <param name="Expected">What it says, or what the kernel makes of that.</param>
/// <param name="Observed">What the kernel says.</param>
public readonly record struct Difference(string Property, string Expected, string Observed);
