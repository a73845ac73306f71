namespace Tare.Linux;

/// <summary>Which driver, and which of its devices. makedev(3), linux/kdev_t.h.</summary>
/// <param name="Major">The driver: 12 bits.</param>
/// <param name="Minor">The device: 20 bits.</param>
public readonly record struct DeviceNumber(uint Major, uint Minor)
{
    /// <summary>The form that mknod(2) takes: the minor's low byte, the major, the rest of the minor.</summary>
    public uint Encoded => (Minor & 0xff) | (Major << 8) | ((Minor & ~0xffu) << 12);

    /// <inheritdoc />
    public override string ToString() => $"{Major}:{Minor}";
}
