namespace Tare.Conformance.Running;

/// <summary>What came of a check.</summary>
/// <param name="Verdict">How it ended.</param>
/// <param name="Why">What was otherwise than asked for, or what the machine lacks; empty where it passed.</param>
public sealed record Outcome(Verdict Verdict, string Why);
