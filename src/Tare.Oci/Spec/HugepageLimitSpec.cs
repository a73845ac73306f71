namespace Tare.Oci;

/// <summary>A limit of huge pages of one size. config-linux.md, "Huge page limits".</summary>
/// <param name="PageSize">The size as the kernel spells it: <c>2MB</c>, <c>1GB</c>.</param>
/// <param name="Limit">The most of them, in bytes.</param>
public sealed record HugepageLimitSpec(string PageSize, ulong Limit);
