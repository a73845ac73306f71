namespace Tare.Runtime.Observation;

/// <summary>A container's group in one hierarchy of cgroups.</summary>
/// <param name="Path">Its directory's absolute path.</param>
/// <param name="Controllers">What the hierarchy controls, separated by commas; empty for cgroup v2.</param>
/// <param name="Files">Limits that the kernel has there, by file.</param>
public sealed record ObservedGroup(string Path, string Controllers, IReadOnlyDictionary<string, string> Files);
