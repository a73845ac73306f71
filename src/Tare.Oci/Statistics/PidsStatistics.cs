namespace Tare.Oci;

/// <summary>Processes and threads.</summary>
/// <param name="Current">How many there are.</param>
/// <param name="Limit">How many there may be; 0 is no limit.</param>
public sealed record PidsStatistics(ulong Current, ulong Limit);
