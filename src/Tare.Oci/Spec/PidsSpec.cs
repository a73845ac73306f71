namespace Tare.Oci;

/// <summary>The most tasks: -1 is no limit, 0 is a limit like any other; null leaves what is. config-linux.md, "PIDs".</summary>
public sealed record PidsSpec(long? Limit);
