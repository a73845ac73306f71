namespace Tare.Conformance.Suite;

/// <summary>A check that cannot be made on this machine.</summary>
public sealed class SkippedException(string reason) : Exception(reason);
