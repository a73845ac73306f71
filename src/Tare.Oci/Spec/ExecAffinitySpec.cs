namespace Tare.Oci;

/// <summary>On which processors an added program runs. config.md, "execCPUAffinity"; lists as in cpuset(7).</summary>
/// <param name="Initial">Before it is in the container's cgroup; null leaves it.</param>
/// <param name="Final">Once it is; null leaves it to the kernel.</param>
public sealed record ExecAffinitySpec(string? Initial, string? Final);
