namespace Tare.Oci;

/// <summary>A terminal's size in characters. The kernel takes 16 bits of each.</summary>
public sealed record ConsoleSizeSpec(ushort Height, ushort Width);
