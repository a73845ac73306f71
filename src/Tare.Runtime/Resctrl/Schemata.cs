using System.Globalization;

namespace Tare.Runtime.Resctrl;

/// <summary>
/// The lines of a <c>schemata</c> file, such as <c>L3:0=7f0;1=1f</c>: a resource, and a value for each of its domains. Caches
/// have masks in hexadecimal, bandwidth a number in decimal.
/// </summary>
internal static class Schemata
{
    /// <summary>What a line gives to a domain is what the file has already, however it is written.</summary>
    /// <param name="line">The line.</param>
    /// <param name="file">All of the file.</param>
    public static bool Agree(string line, string file)
    {
        (string resource, Dictionary<string, string>? wanted) = Parse(line);
        if (wanted is null)
        {
            return false;
        }

        foreach (string present in file.Split('\n'))
        {
            (string name, Dictionary<string, string>? values) = Parse(present);
            if (name == resource && values is not null)
            {
                return wanted.All(domain =>
                    values.TryGetValue(domain.Key, out string? value) && IsSame(resource, domain.Value, value)
                );
            }
        }

        return false;
    }

    /// <summary>The lines of a file about the resources that some lines are about: what writing those will change.</summary>
    public static IReadOnlyList<string> About(IEnumerable<string> lines, string file)
    {
        HashSet<string> resources = [.. lines.Select(line => Parse(line).Resource)];
        return
        [
            .. file.Split('\n').Select(line => line.Trim()).Where(line => resources.Contains(Parse(line).Resource)),
        ];
    }

    private static (string Resource, Dictionary<string, string>? Domains) Parse(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return (line.Trim(), null);
        }

        Dictionary<string, string> domains = new(StringComparer.Ordinal);
        foreach (string domain in line[(colon + 1)..].Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = domain.Split('=');
            if (parts.Length != 2)
            {
                return (line[..colon].Trim(), null);
            }

            domains[parts[0].Trim()] = parts[1].Trim();
        }

        return (line[..colon].Trim(), domains);
    }

    private static bool IsSame(string resource, string one, string other)
    {
        NumberStyles style = resource.StartsWith('L') ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return ulong.TryParse(one, style, CultureInfo.InvariantCulture, out ulong first)
            && ulong.TryParse(other, style, CultureInfo.InvariantCulture, out ulong second)
            && first == second;
    }
}
