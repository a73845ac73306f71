using System.Collections.Immutable;

namespace Tare.Runtime.Validation;

/// <summary>
/// A path inside a container as a document names it: absolute, without empty parts, <c>.</c> or <c>..</c>, which are taken
/// out by their text. What symlinks make of it is decided when it is opened, never here.
/// </summary>
public readonly struct ContainerPath : IEquatable<ContainerPath>
{
    private readonly string? _text;
    private readonly ImmutableArray<string> _parts;

    private ContainerPath(ImmutableArray<string> parts)
    {
        _parts = parts;
        _text = parts.Length == 0 ? "/" : "/" + string.Join('/', parts);
    }

    /// <summary>The container's root.</summary>
    public static ContainerPath Root { get; } = new([]);

    /// <summary>The names from the root on.</summary>
    public ImmutableArray<string> Parts => _parts.IsDefault ? [] : _parts;

    /// <summary>The path as openat2(2) takes it with the container's root as its directory.</summary>
    public string Relative => IsRoot ? "." : Text[1..];

    /// <summary>It is the root itself.</summary>
    public bool IsRoot => Parts.Length == 0;

    /// <summary>The last name; empty for the root.</summary>
    public string Name => IsRoot ? "" : Parts[^1];

    /// <summary>The directory that it is in; the root's is the root.</summary>
    public ContainerPath Parent => IsRoot ? this : new(Parts[..^1]);

    private string Text => _text ?? "/";

    /// <summary>Reads a path; a relative one counts from the container's root.</summary>
    /// <exception cref="SpecException">It is empty or contains a zero byte.</exception>
    public static ContainerPath Parse(string property, string path)
    {
        if (path.Length == 0)
        {
            throw new SpecException(property, "the path is empty (give an absolute path in the container)");
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new SpecException(property, "contains a zero byte (leave it out)");
        }

        ImmutableArray<string>.Builder parts = ImmutableArray.CreateBuilder<string>(4);
        foreach (Range range in path.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> part = path.AsSpan(range);
            if (part is "..")
            {
                parts.Count = Math.Max(0, parts.Count - 1);
            }
            else if (part.Length != 0 && part is not ".")
            {
                parts.Add(part.ToString());
            }
        }

        return new ContainerPath(parts.ToImmutable());
    }

    /// <summary>Reads a path that must be absolute.</summary>
    /// <exception cref="SpecException">It is relative, empty or contains a zero byte.</exception>
    public static ContainerPath ParseAbsolute(string property, string path)
    {
        if (!path.StartsWith('/'))
        {
            throw new SpecException(property, $"'{path}' is not absolute (begin it with '/')");
        }

        return Parse(property, path);
    }

    /// <summary>This path is the other one or lies below it.</summary>
    public bool IsAtOrBelow(ContainerPath other)
    {
        ImmutableArray<string> mine = Parts;
        ImmutableArray<string> others = other.Parts;
        if (mine.Length < others.Length)
        {
            return false;
        }

        for (int i = 0; i < others.Length; i++)
        {
            if (!string.Equals(mine[i], others[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The path from a directory that this one lies below, for openat2(2); <c>.</c> if it is that directory.</summary>
    public string RelativeTo(ContainerPath directory) =>
        Parts.Length == directory.Parts.Length ? "."
        : directory.IsRoot ? Relative
        : Text[(directory.Text.Length + 1)..];

    /// <summary>A path below this one.</summary>
    public ContainerPath Child(string name) => new(Parts.Add(name));

    /// <inheritdoc />
    public bool Equals(ContainerPath other) => string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is ContainerPath other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => string.GetHashCode(Text, StringComparison.Ordinal);

    /// <summary>The absolute path.</summary>
    public override string ToString() => Text;

    /// <summary>The same path.</summary>
    public static bool operator ==(ContainerPath left, ContainerPath right) => left.Equals(right);

    /// <summary>Another path.</summary>
    public static bool operator !=(ContainerPath left, ContainerPath right) => !left.Equals(right);
}
