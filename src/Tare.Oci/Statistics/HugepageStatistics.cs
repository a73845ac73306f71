namespace Tare.Oci;

/// <summary>Huge pages of one size.</summary>
/// <param name="Usage">What there is, in bytes.</param>
/// <param name="Max">The most there was, in bytes; cgroup v1 only.</param>
/// <param name="Failcnt">How often the limit was reached.</param>
public readonly record struct HugepageStatistics(ulong Usage, ulong Max, ulong Failcnt);
