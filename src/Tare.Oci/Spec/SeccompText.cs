namespace Tare.Oci;

/// <summary>
/// The text of a profile, by which the same one is known again. All are equal: what a profile says does not depend on how it
/// is written.
/// </summary>
/// <param name="utf8">The object, byte for byte.</param>
public sealed class SeccompText(ReadOnlyMemory<byte> utf8) : IEquatable<SeccompText>
{
    /// <summary>The object, byte for byte.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    /// <inheritdoc />
    public bool Equals(SeccompText? other) => other is not null;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is SeccompText;

    /// <inheritdoc />
    public override int GetHashCode() => 0;
}
