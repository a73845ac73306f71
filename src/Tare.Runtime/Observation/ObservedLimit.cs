using Tare.Linux.Abi;

namespace Tare.Runtime.Observation;

/// <summary>A resource limit of a process, in the units of getrlimit(2).</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Soft">What the kernel enforces.</param>
/// <param name="Hard">What the soft limit can be raised to.</param>
public readonly record struct ObservedLimit(ResourceLimit Resource, ulong Soft, ulong Hard);
