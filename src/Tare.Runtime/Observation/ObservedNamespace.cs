using Tare.Linux.Abi;

namespace Tare.Runtime.Observation;

/// <summary>A namespace that a process is in.</summary>
/// <param name="Kind">Its kind: one CLONE_NEW flag.</param>
/// <param name="Inode">What tells it apart: the number that /proc/PID/ns shows.</param>
/// <param name="Shared">This process is in it, too.</param>
public readonly record struct ObservedNamespace(CloneFlags Kind, ulong Inode, bool Shared);
