namespace Tare.Oci;

/// <summary>Weights and limits of block I/O. config-linux.md, "Block IO".</summary>
public sealed record BlockIoSpec
{
    /// <summary>The share of all devices, 10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary>The share against groups below, 10 to 1000; only old kernels have it.</summary>
    public ushort? LeafWeight { get; init; }

    /// <summary>The shares of single devices.</summary>
    public IReadOnlyList<DeviceWeightSpec> WeightDevice { get; init; } = [];

    /// <summary>Bytes read a second.</summary>
    public IReadOnlyList<DeviceRateSpec> ThrottleReadBps { get; init; } = [];

    /// <summary>Bytes written a second.</summary>
    public IReadOnlyList<DeviceRateSpec> ThrottleWriteBps { get; init; } = [];

    /// <summary>Reads a second.</summary>
    public IReadOnlyList<DeviceRateSpec> ThrottleReadIops { get; init; } = [];

    /// <summary>Writes a second.</summary>
    public IReadOnlyList<DeviceRateSpec> ThrottleWriteIops { get; init; } = [];
}

/// <summary>The share of a block device.</summary>
/// <param name="Major">Its major number.</param>
/// <param name="Minor">Its minor number.</param>
/// <param name="Weight">The share, 10 to 1000.</param>
/// <param name="LeafWeight">The share against groups below.</param>
public sealed record DeviceWeightSpec(uint Major, uint Minor, ushort? Weight, ushort? LeafWeight);

/// <summary>A limit of a block device.</summary>
/// <param name="Major">Its major number.</param>
/// <param name="Minor">Its minor number.</param>
/// <param name="Rate">Bytes or operations a second; 0 is no limit.</param>
public sealed record DeviceRateSpec(uint Major, uint Minor, ulong Rate);
