namespace Tare.Oci;

/// <summary>A namespace: a new one, or that of the file <paramref name="Path"/> in the runtime's mount namespace.</summary>
public sealed record NamespaceSpec(NamespaceType Type, string? Path = null);
