namespace Tare.Oci;

/// <summary>What filters of system calls can do, of what the specification has words for.</summary>
/// <param name="Actions">The actions that can be had.</param>
/// <param name="Flags">The flags that can be had.</param>
public sealed record SeccompFeatures(IReadOnlyList<SeccompActionType> Actions, IReadOnlyList<SeccompFlag> Flags);
