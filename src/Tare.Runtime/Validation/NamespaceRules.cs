using System.Collections.Immutable;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.namespaces</c>: each kind once, paths absolute, a mount namespace that mounts can be made in.</summary>
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

        if (context.Rootless && (seen & CloneFlags.CLONE_NEWUSER) == 0)
        {
            throw new SpecException(
                Property,
                "an ordinary user needs a user namespace (add {\"type\": \"user\"} with mappings, as spec --rootless does)"
            );
        }

        ValidatedNamespaces namespaces = new(made, joined.ToImmutable());
        CheckRightToMount(namespaces);
        return namespaces;
    }

    // Mounts are made by the root of the user namespace that the container is in.
    private static void CheckRightToMount(ValidatedNamespaces namespaces)
    {
        if (
            !namespaces.SharesMounts
            || !namespaces.Has(CloneFlags.CLONE_NEWUSER)
            || (namespaces.Has(CloneFlags.CLONE_NEWNS) && !namespaces.Makes(CloneFlags.CLONE_NEWUSER))
        )
        {
            return;
        }

        throw new SpecException(
            Property,
            namespaces.Has(CloneFlags.CLONE_NEWNS)
                ? "a new user namespace has no rights in a mount namespace that is joined (leave that one's path out)"
                : "a user namespace has no rights in the runtime's mount namespace (add {\"type\": \"mount\"})"
        );
    }

    private static void CheckPath(string property, NamespaceSpec ns)
    {
        if (!ns.Path!.StartsWith('/') || ns.Path.Contains('\0', StringComparison.Ordinal))
        {
            throw new SpecException(property, $"'{ns.Path}' is not absolute (begin it with '/')");
        }
    }
}
