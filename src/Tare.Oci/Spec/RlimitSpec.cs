namespace Tare.Oci;

/// <summary>
/// One resource limit. getrlimit(2). <paramref name="Type"/> is a name such as <c>RLIMIT_NOFILE</c>; the unit depends on it;
/// <see cref="ulong.MaxValue"/> is RLIM_INFINITY.
/// </summary>
public sealed record RlimitSpec(string Type, ulong Soft, ulong Hard);
