namespace Tare.Linux;

/// <summary>The three sets that capget(2) and capset(2) move.</summary>
/// <param name="Effective">In force.</param>
/// <param name="Permitted">May be put in force.</param>
/// <param name="Inheritable">Kept over execve where the file has them too.</param>
public readonly record struct CapabilityState(
    CapabilitySet Effective,
    CapabilitySet Permitted,
    CapabilitySet Inheritable
);
