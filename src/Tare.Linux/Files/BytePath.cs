using System.Text;

namespace Tare.Linux;

/// <summary>
/// A path as the kernel knows it: bytes without a zero, in no particular encoding. A string becomes its UTF-8 form; bytes
/// that came from the kernel stay what they are, valid UTF-8 or not.
/// </summary>
public readonly struct BytePath : IEquatable<BytePath>
{
    private static readonly byte[] OnlyZero = [0];

    private readonly byte[]? _terminated;

    private BytePath(byte[] terminated) => _terminated = terminated;

    /// <summary>The empty path: what is meant is the descriptor itself (AT_EMPTY_PATH).</summary>
    public static BytePath Empty => default;

    /// <summary>The bytes, without the zero that ends them.</summary>
    public ReadOnlySpan<byte> Bytes => Terminated[..^1];

    /// <summary>The bytes, with the zero that ends them: what the kernel reads.</summary>
    public ReadOnlySpan<byte> Terminated => _terminated ?? OnlyZero;

    /// <summary>There are no bytes.</summary>
    public bool IsEmpty => _terminated is null || _terminated.Length == 1;

    /// <summary>The path begins at the root.</summary>
    public bool IsAbsolute => Terminated[0] == (byte)'/';

    /// <summary>A string's UTF-8 form.</summary>
    /// <exception cref="ArgumentException">It contains a zero.</exception>
    public static implicit operator BytePath(string path) => FromString(path);

    /// <summary>A string's UTF-8 form.</summary>
    /// <exception cref="ArgumentException">It contains a zero.</exception>
    public static BytePath FromString(string path)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        int length = Encoding.UTF8.GetBytes(path, bytes);
        return Checked(bytes, length);
    }

    /// <summary>A copy of bytes.</summary>
    /// <exception cref="ArgumentException">They contain a zero.</exception>
    public static BytePath FromBytes(ReadOnlySpan<byte> path)
    {
        byte[] bytes = new byte[path.Length + 1];
        path.CopyTo(bytes);
        return Checked(bytes, path.Length);
    }

    /// <inheritdoc />
    public bool Equals(BytePath other) => Terminated.SequenceEqual(other.Terminated);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is BytePath other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Terminated);
        return hash.ToHashCode();
    }

    /// <summary>The path for people; bytes that are no UTF-8 are replaced.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    /// <summary>The same bytes.</summary>
    public static bool operator ==(BytePath left, BytePath right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(BytePath left, BytePath right) => !left.Equals(right);

    private static BytePath Checked(byte[] terminated, int length)
    {
        if (terminated.AsSpan(0, length).Contains((byte)0))
        {
            throw new ArgumentException("a path cannot contain a zero byte");
        }

        return new(terminated);
    }
}
