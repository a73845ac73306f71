namespace Tare.Oci;

/// <summary>A rule of the device controller; later rules go over earlier ones. config-linux.md, "Allowed Device list".</summary>
public sealed record DeviceRuleSpec
{
    /// <summary>Whether it allows or denies.</summary>
    public required bool Allow { get; init; }

    /// <summary>What kind of device: all, character or block; <see cref="DeviceType.All"/> where the document says nothing.</summary>
    public DeviceType Type { get; init; } = DeviceType.All;

    /// <summary>The major number; null (in the document also -1) is every one.</summary>
    public uint? Major { get; init; }

    /// <summary>The minor number; null (in the document also -1) is every one.</summary>
    public uint? Minor { get; init; }

    /// <summary>Letters out of <c>r</c>, <c>w</c>, <c>m</c> (read, write, mknod); all three where the document says nothing.</summary>
    public string Access { get; init; } = "rwm";
}
