namespace Tare.Oci;

/// <summary>A count of memory, in bytes.</summary>
/// <param name="Limit">The most there may be; what the kernel says for no limit is a very large number.</param>
/// <param name="Usage">What there is.</param>
/// <param name="Max">The most there was; 0 where the kernel does not say.</param>
/// <param name="Failcnt">How often the limit was reached; cgroup v1 only.</param>
public readonly record struct MemoryCounter(ulong Limit, ulong Usage, ulong Max, ulong Failcnt);
