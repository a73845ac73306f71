using System.Collections.Immutable;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.namespaces</c>: each kind once, paths absolute, a mount namespace of its own always.</summary>
internal static class NamespaceRules
{
    private const string Property = "linux.namespaces";

    /// <summary>The kernel's flag for a kind of namespace.</summary>
    public static CloneFlags FlagOf(NamespaceType type) =>
        type switch
        {
            NamespaceType.Pid => CloneFlags.CLONE_NEWPID,
            NamespaceType.Network => CloneFlags.CLONE_NEWNET,
            NamespaceType.Mount => CloneFlags.CLONE_NEWNS,
            NamespaceType.Ipc => CloneFlags.CLONE_NEWIPC,
            NamespaceType.Uts => CloneFlags.CLONE_NEWUTS,
            NamespaceType.User => CloneFlags.CLONE_NEWUSER,
            NamespaceType.Cgroup => CloneFlags.CLONE_NEWCGROUP,
            NamespaceType.Time => CloneFlags.CLONE_NEWTIME,
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };

    public static ValidatedNamespaces Check(LinuxSpec linux, ValidationContext context)
    {
        CloneFlags seen = CloneFlags.None;
        CloneFlags made = CloneFlags.None;
        ImmutableArray<JoinedNamespace>.Builder joined = ImmutableArray.CreateBuilder<JoinedNamespace>(0);
        for (int i = 0; i < linux.Namespaces.Count; i++)
        {
            NamespaceSpec ns = linux.Namespaces[i];
            CloneFlags kind = FlagOf(ns.Type);
            string name = SpecNames.Of(ns.Type);
            if ((seen & kind) != 0)
            {
                throw new SpecException($"{Property}[{i}]", $"'{name}' is there twice (remove one)");
            }

            seen |= kind;
            if (string.IsNullOrEmpty(ns.Path))
            {
                made |= kind;
            }
            else
            {
                CheckPath($"{Property}[{i}].path", ns);
                joined.Add(new JoinedNamespace(kind, ns.Path));
            }
        }

        if ((made & CloneFlags.CLONE_NEWNS) == 0)
        {
            throw new SpecException(Property, "a mount namespace is missing (add {\"type\": \"mount\"})");
        }

        if (context.Rootless && (seen & CloneFlags.CLONE_NEWUSER) == 0)
        {
            throw new SpecException(
                Property,
                "an ordinary user needs a user namespace (add {\"type\": \"user\"} with mappings, as spec --rootless does)"
            );
        }

        return new ValidatedNamespaces(made, joined.ToImmutable());
    }

    private static void CheckPath(string property, NamespaceSpec ns)
    {
        if (!ns.Path!.StartsWith('/') || ns.Path.Contains('\0', StringComparison.Ordinal))
        {
            throw new SpecException(property, $"'{ns.Path}' is not absolute (begin it with '/')");
        }

        if (ns.Type == NamespaceType.Mount)
        {
            throw new SpecException(property, "a mount namespace cannot be joined (leave the path out to make one)");
        }
    }
}
