namespace Tare.Runtime.Checkpoints.Protocol;

/// <summary>What not every kernel has. criu_features in CRIU's rpc.proto.</summary>
[Flags]
internal enum CriuFeatures
{
    /// <summary>Nothing of it.</summary>
    None = 0,

    /// <summary>Pages that were written to can be told: CONFIG_MEM_SOFT_DIRTY.</summary>
    MemoryTracking = 1,

    /// <summary>Pages can be handed over when they are asked for: userfaultfd(2) with its events.</summary>
    LazyPages = 2,
}
