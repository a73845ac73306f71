using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Observation;

/// <summary>Compares the namespaces of a process, and what is in them, with what was asked for.</summary>
internal static class NamespaceComparison
{
    public static void Compare(ValidatedSpec spec, ObservedProcess observed, List<Difference> differences)
    {
        foreach (ObservedNamespace found in observed.Namespaces)
        {
            string property = $"linux.namespaces.{NameOf(found.Kind)}";
            if (JoinedPath(spec, found.Kind) is { } path)
            {
                SysResult<StatX> file = Files.StatX(null, path);
                if (file.Ok && file.Value.Inode != found.Inode)
                {
                    differences.Add(new(property, $"{Number(file.Value.Inode)} ({path})", Number(found.Inode)));
                }
            }
            else if (spec.Namespaces.Makes(found.Kind) && found.Shared)
            {
                differences.Add(new(property, "one of its own", "the one of whoever asks"));
            }
            else if (!spec.Namespaces.Has(found.Kind) && !found.Shared)
            {
                differences.Add(new(property, "the one of whoever asks", Number(found.Inode)));
            }
        }

        if (spec.Hostname is { } name && observed.Hostname is { } present && name != present)
        {
            differences.Add(new("hostname", name, present));
        }
    }

    /// <summary>The name of a kind in config.json.</summary>
    public static string NameOf(CloneFlags kind) =>
        kind switch
        {
            CloneFlags.CLONE_NEWNS => "mount",
            CloneFlags.CLONE_NEWNET => "network",
            _ => NamespaceKinds.NameOf(kind),
        };

    private static string? JoinedPath(ValidatedSpec spec, CloneFlags kind)
    {
        foreach (JoinedNamespace joined in spec.Namespaces.Joined)
        {
            if (joined.Kind == kind)
            {
                return joined.Path;
            }
        }

        return null;
    }

    private static string Number(ulong inode) => inode.ToString(CultureInfo.InvariantCulture);
}
