namespace Tare.Oci;

/// <summary>A device file. config-linux.md, "Devices".</summary>
public sealed record DeviceSpec
{
    /// <summary>Its kind; never <see cref="DeviceType.All"/>.</summary>
    public required DeviceType Type { get; init; }

    /// <summary>Its full path in the container.</summary>
    public required string Path { get; init; }

    /// <summary>The major number; 0 for a FIFO.</summary>
    public uint Major { get; init; }

    /// <summary>The minor number; 0 for a FIFO.</summary>
    public uint Minor { get; init; }

    /// <summary>The permission bits; null leaves them to the runtime.</summary>
    public uint? FileMode { get; init; }

    /// <summary>The owner in the container's user namespace; null is 0.</summary>
    public uint? Uid { get; init; }

    /// <summary>The group in the container's user namespace; null is 0.</summary>
    public uint? Gid { get; init; }
}
