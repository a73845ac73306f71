using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Systemd;

/// <summary>
/// A container's scope unit and the slice that it lies in: <c>linux.cgroupsPath</c> where systemd makes the cgroups, in the
/// form <c>slice:prefix:name</c>. Parsed once: both names are ones that systemd takes, and neither leads elsewhere.
/// systemd.unit(5), systemd.slice(5).
/// </summary>
public readonly record struct ScopeName
{
    private const string Property = "linux.cgroupsPath";
    private const string SliceSuffix = ".slice";
    private const int Longest = 255;

    private ScopeName(string slice, string unit)
    {
        Slice = slice;
        Unit = unit;
    }

    /// <summary>The slice's name: <c>a-b.slice</c>.</summary>
    public string Slice { get; }

    /// <summary>The scope's name: <c>prefix-name.scope</c>.</summary>
    public string Unit { get; }

    /// <summary>Where the cgroup lies below the service manager's: each dash in the name of a slice is a slice above.</summary>
    public string Path => Slice == "-" + SliceSuffix ? Unit : $"{Expand(Slice)}/{Unit}";

    /// <summary>Parses <c>slice:prefix:name</c>. The slice and the prefix may be empty.</summary>
    /// <param name="text">What config.json says; null or empty leaves it to the runtime.</param>
    /// <param name="id">The container.</param>
    /// <param name="isUser">The service manager is a user's own, whose containers go to <c>user.slice</c> if nothing is said.</param>
    /// <exception cref="SpecException">The text has another form, or a name that systemd does not take.</exception>
    public static ScopeName Parse(string? text, ContainerId id, bool isUser)
    {
        string usual = isUser ? "user.slice" : "system.slice";
        if (string.IsNullOrEmpty(text))
        {
            // The one character of an id that a unit's name cannot have.
            return Check(usual, $"tare-{id.Text.Replace("+", "\\x2b", StringComparison.Ordinal)}.scope");
        }

        string[] parts = text.Split(':');
        if (parts.Length != 3)
        {
            throw new SpecException(
                Property,
                $"expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"{text}\" instead"
            );
        }

        if (parts[2].Length == 0 || parts[2].EndsWith(SliceSuffix, StringComparison.Ordinal))
        {
            throw new SpecException(Property, $"'{parts[2]}' cannot name a scope (give slice:prefix:name)");
        }

        string prefix = parts[1].Length == 0 ? "" : parts[1] + "-";
        return Check(parts[0].Length == 0 ? usual : parts[0], $"{prefix}{parts[2]}.scope");
    }

    private static ScopeName Check(string slice, string unit)
    {
        if (!IsUnitName(slice) || !slice.EndsWith(SliceSuffix, StringComparison.Ordinal) || !IsSlice(slice))
        {
            throw new SpecException(Property, $"'{slice}' is no slice's name (for instance system.slice or a-b.slice)");
        }

        return IsUnitName(unit)
            ? new ScopeName(slice, unit)
            : throw new SpecException(
                Property,
                $"'{unit}' is no unit's name (use up to {Longest} letters, digits, ':', '-', '_', '.', '\\' and '@')"
            );
    }

    // "-.slice" is the root of all slices; in others a dash stands between two names.
    private static bool IsSlice(string slice)
    {
        string name = slice[..^SliceSuffix.Length];
        return name == "-"
            || (
                name.Length > 0
                && name[0] != '-'
                && name[^1] != '-'
                && !name.Contains("--", StringComparison.Ordinal)
                && !name.Contains('@', StringComparison.Ordinal)
            );
    }

    private static bool IsUnitName(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (':' or '-' or '_' or '.' or '\\' or '@'))
            {
                return false;
            }
        }

        return name.Length <= Longest && name[0] is not ('.' or '@');
    }

    private static string Expand(string slice)
    {
        string name = slice[..^SliceSuffix.Length];
        string path = "";
        for (int dash = name.IndexOf('-', StringComparison.Ordinal); dash > 0; dash = name.IndexOf('-', dash + 1))
        {
            path += $"{name[..dash]}{SliceSuffix}/";
        }

        return path + slice;
    }
}
