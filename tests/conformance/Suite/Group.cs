namespace Tare.Conformance.Suite;

/// <summary>Checks about one subject.</summary>
/// <param name="Name">The subject.</param>
/// <param name="Source">The chapter of the specification, or who relies on it where it is no part of that.</param>
/// <param name="Checks">In the order in which they are shown.</param>
public sealed record Group(string Name, string Source, IReadOnlyList<Check> Checks);
