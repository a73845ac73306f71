using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Finds what no namespace can be set to: what is not a namespace's own would change the machine.</summary>
internal static class NamespaceChecks
{
    private static readonly (string Beginning, CloneFlags Kind)[] Parameters =
    [
        ("net.", CloneFlags.CLONE_NEWNET),
        ("fs.mqueue.", CloneFlags.CLONE_NEWIPC),
        ("kernel.shm", CloneFlags.CLONE_NEWIPC),
        ("kernel.msg", CloneFlags.CLONE_NEWIPC),
        ("kernel.sem", CloneFlags.CLONE_NEWIPC),
    ];

    /// <summary>Why the settings cannot be; null where they can.</summary>
    public static string? Complaint(ProcessNamespaces namespaces)
    {
        foreach (string? name in (string?[])[namespaces.HostName, namespaces.DomainName])
        {
            if (
                name is not null
                && (Encoding.UTF8.GetByteCount(name) is 0 or > 64 || name.Contains('\0', StringComparison.Ordinal))
            )
            {
                return "a host or domain name has 1 to 64 bytes, none of them zero";
            }

            if (name is not null && !MayHave(namespaces, CloneFlags.CLONE_NEWUTS))
            {
                return "a host or domain name is of a new or joined UTS namespace";
            }
        }

        if (
            (namespaces.MonotonicOffset ?? namespaces.BootTimeOffset) is not null
            && (namespaces.New & CloneFlags.CLONE_NEWTIME) == 0
        )
        {
            return "an offset of a clock is of a new time namespace";
        }

        foreach ((string name, string value) in namespaces.Parameters)
        {
            if (
                name.Contains('/', StringComparison.Ordinal)
                || name.Contains("..", StringComparison.Ordinal)
                || string.IsNullOrEmpty(value)
            )
            {
                return $"the parameter '{name}' has no value, or a slash or two dots in its name";
            }

            (string Beginning, CloneFlags Kind) known = Array.Find(
                Parameters,
                known => name.StartsWith(known.Beginning, StringComparison.Ordinal)
            );
            if (known.Beginning is null || !MayHave(namespaces, known.Kind))
            {
                return $"the parameter '{name}' is of no namespace that is made or joined";
            }
        }

        return null;
    }

    private static bool MayHave(ProcessNamespaces namespaces, CloneFlags kind) =>
        (namespaces.New & kind) != 0
        || namespaces.Joined.Any(joined => Namespaces.KindOf(joined) is { Ok: true } found && found.Value == kind);
}
