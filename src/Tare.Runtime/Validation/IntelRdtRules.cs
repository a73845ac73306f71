using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.intelRdt</c>: names and lines that resctrl can take. config-linux.md, "IntelRdt".</summary>
public static class IntelRdtRules
{
    private const string Property = "linux.intelRdt";

    /// <summary>Checks it; null stays null.</summary>
    /// <exception cref="SpecException">A name or a line is wrong.</exception>
    public static IntelRdtSpec? Check(IntelRdtSpec? rdt)
    {
        if (rdt is null)
        {
            return null;
        }

        if (rdt.ClosId is { } clos && clos != "/" && !IsName(clos))
        {
            throw new SpecException(
                $"{Property}.closID",
                $"'{clos}' cannot be a class's name (use letters, or / for the default)"
            );
        }

        CheckLine($"{Property}.l3CacheSchema", rdt.L3CacheSchema, "L3:");
        CheckLine($"{Property}.memBwSchema", rdt.MemBwSchema, "MB:");
        for (int i = 0; i < rdt.Schemata.Count; i++)
        {
            CheckLine($"{Property}.schemata[{i}]", rdt.Schemata[i], "");
        }

        return rdt;
    }

    // The names of what every group has in it cannot be a group's.
    private static bool IsName(string name) =>
        name is not ("." or ".." or "info" or "mon_groups" or "mon_data")
        && !name.AsSpan().ContainsAny('/', '\n', '\0');

    private static void CheckLine(string property, string? line, string beginning)
    {
        if (line is null)
        {
            return;
        }

        if (line.AsSpan().ContainsAny('\n', '\0') || line.Length == 0)
        {
            throw new SpecException(property, "is not one line (give each line by itself)");
        }

        if (!line.StartsWith(beginning, StringComparison.Ordinal))
        {
            throw new SpecException(property, $"'{line}' does not begin with {beginning}");
        }
    }
}
