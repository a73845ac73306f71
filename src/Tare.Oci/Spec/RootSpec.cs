namespace Tare.Oci;

/// <summary>The root file system. <paramref name="Path"/> is absolute or relative to the bundle.</summary>
public sealed record RootSpec(string Path, bool Readonly = false);
