namespace Tare.Oci;

/// <summary>How far a clock of the container's time namespace is ahead. config-linux.md, "Time offsets".</summary>
/// <param name="Clock"><c>monotonic</c> or <c>boottime</c>.</param>
/// <param name="Seconds">Seconds; may be negative.</param>
/// <param name="Nanoseconds">Nanoseconds to be added.</param>
public sealed record TimeOffsetSpec(string Clock, long Seconds, uint Nanoseconds);
