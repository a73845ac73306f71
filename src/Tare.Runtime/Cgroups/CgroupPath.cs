using System.Text;

namespace Tare.Runtime.Cgroups;

/// <summary>
/// Where a container's cgroup lies, relative to a hierarchy's root or to a base that the runtime chooses. Parsed once:
/// it has no empty, <c>.</c> or <c>..</c> component, so that it cannot lead out of where it is put.
/// </summary>
public readonly record struct CgroupPath
{
    private const int LongestName = 255;

    private CgroupPath(string relative, bool isAbsolute)
    {
        Relative = relative;
        IsAbsolute = isAbsolute;
    }

    /// <summary>The components, joined by slashes; no slash at either end.</summary>
    public string Relative { get; }

    /// <summary>The path counts from the hierarchy's root, and not from a base that the runtime chooses.</summary>
    public bool IsAbsolute { get; }

    /// <summary>Parses <c>linux.cgroupsPath</c>.</summary>
    /// <exception cref="ArgumentException">The text is no path that a cgroup can have; the message says why.</exception>
    public static CgroupPath Parse(string text)
    {
        if (Problem(text) is { } problem)
        {
            throw new ArgumentException(problem, nameof(text));
        }

        StringBuilder clean = new(text.Length);
        foreach (Range range in text.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> component = text.AsSpan()[range];
            if (component.Length > 0)
            {
                clean.Append(clean.Length == 0 ? "" : "/").Append(component);
            }
        }

        return new CgroupPath(clean.ToString(), text[0] == '/');
    }

    /// <summary>What is wrong with a text as a cgroup's path; null if nothing is.</summary>
    public static string? Problem(string text)
    {
        if (text.Length == 0)
        {
            return "a cgroup path cannot be empty";
        }

        bool any = false;
        foreach (Range range in text.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> component = text.AsSpan()[range];
            if (component.Length == 0)
            {
                continue;
            }

            any = true;
            if (component is "." or "..")
            {
                return $"'{text}' leads elsewhere: leave '.' and '..' out of a cgroup path";
            }

            if (Encoding.UTF8.GetByteCount(component) > LongestName)
            {
                return $"a component of the cgroup path is longer than {LongestName} bytes";
            }

            if (component.ContainsAny('\0', '\n'))
            {
                return "a cgroup path cannot contain a zero byte or a line feed";
            }
        }

        return any ? null : $"'{text}' is the root cgroup, which cannot be a container's";
    }

    /// <inheritdoc />
    public override string ToString() => IsAbsolute ? "/" + Relative : Relative;
}
