namespace Tare.Oci;

/// <summary>One direction of a network interface.</summary>
/// <param name="Bytes">Bytes.</param>
/// <param name="Packets">Packets.</param>
/// <param name="Errors">Packets that were broken.</param>
/// <param name="Dropped">Packets that there was no room for.</param>
public readonly record struct NetworkCount(ulong Bytes, ulong Packets, ulong Errors, ulong Dropped);
