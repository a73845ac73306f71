using System.Globalization;

namespace Tare.Oci;

/// <summary>Which versions of the runtime specification a document may say that it follows.</summary>
public static class SpecVersion
{
    /// <summary>The oldest: every 1.x from here on is read, since the specification only ever adds within a major version.</summary>
    public const string Oldest = "1.0.0";

    /// <summary>The newest that Tare knows all properties of, and the one it writes.</summary>
    public const string Newest = "1.3.0";

    /// <summary>Why a version cannot be read, or null if it can: 1.0.0 ≤ version &lt; 2.0.0-0 by semantic versioning.</summary>
    public static string? Refusal(string version)
    {
        if (!TryParse(version, out int major, out bool beforeFirst))
        {
            return $"expected a version such as {Newest}, found '{OneLine.Of(version)}'";
        }

        return major > 1 ? $"version {OneLine.Of(version)} is newer than this program, which reads {Oldest} up to 1.x"
            : major < 1 || beforeFirst
                ? $"version {OneLine.Of(version)} is older than {Oldest} (generate the bundle anew)"
            : null;
    }

    /// <summary>Takes <c>MAJOR.MINOR.PATCH[-PRE][+BUILD]</c> apart. semver.org 2.0.0.</summary>
    private static bool TryParse(string version, out int major, out bool beforeFirst)
    {
        ReadOnlySpan<char> rest = version;
        int end = rest.IndexOfAny('-', '+');
        ReadOnlySpan<char> core = end < 0 ? rest : rest[..end];
        bool hasPre = end >= 0 && rest[end] == '-';
        int first = core.IndexOf('.');
        int last = core.LastIndexOf('.');
        major = 0;
        beforeFirst = false;
        if (
            first < 0
            || first == last
            || !Number(core[..first], out major)
            || !Number(core[(first + 1)..last], out int minor)
            || !Number(core[(last + 1)..], out int patch)
            || !Suffix(end < 0 ? [] : rest[end..])
        )
        {
            return false;
        }

        beforeFirst = major == 1 && minor == 0 && patch == 0 && hasPre;
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool Suffix(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '+' or '.'))
            {
                return false;
            }
        }

        return text.Length != 1;
    }
}
