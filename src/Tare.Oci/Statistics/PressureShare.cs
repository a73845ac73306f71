namespace Tare.Oci;

/// <summary>How much of the time was waited.</summary>
/// <param name="Average10">In the last ten seconds, in percent.</param>
/// <param name="Average60">In the last minute, in percent.</param>
/// <param name="Average300">In the last five minutes, in percent.</param>
/// <param name="Total">Since the beginning, in microseconds.</param>
public readonly record struct PressureShare(double Average10, double Average60, double Average300, ulong Total);
