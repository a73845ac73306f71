using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Checkpoints;

/// <summary>
/// The namespaces that a container has joined: they are somebody else's, are not saved, and are joined again. CRIU takes the
/// network and the PID namespace by descriptors, the others by path.
/// </summary>
internal static class ExternalNamespaces
{
    private const string NetworkName = "extRootNetNS";
    private const string ProcessesName = "extRootPidNS";

    /// <summary>Those that a dump leaves alone, as <c>--external</c> takes them.</summary>
    /// <exception cref="KernelException">One of them is gone.</exception>
    public static IReadOnlyList<string> OfDump(ValidatedNamespaces namespaces)
    {
        List<string> external = [];
        foreach (JoinedNamespace joined in namespaces.Joined)
        {
            if (NameOf(joined.Kind) is { } name)
            {
                using NamespaceFd opened = Open(joined);
                ulong identity = Namespaces.IdentityOf(opened).OrThrow("look at the namespace", joined.Path);
                string kind = NamespaceKinds.NameOf(joined.Kind);
                external.Add(string.Create(CultureInfo.InvariantCulture, $"{kind}[{identity}]:{name}"));
            }
        }

        return external;
    }

    /// <summary>Opens those that a restore joins by descriptor; the caller's.</summary>
    /// <exception cref="KernelException">One of them is gone.</exception>
    public static List<(string Key, NamespaceFd Namespace)> OpenForRestore(ValidatedNamespaces namespaces)
    {
        List<(string, NamespaceFd)> opened = [];
        try
        {
            foreach (JoinedNamespace joined in namespaces.Joined)
            {
                if (NameOf(joined.Kind) is { } name)
                {
                    opened.Add((name, Open(joined)));
                }
            }

            return opened;
        }
        catch
        {
            foreach ((_, NamespaceFd ns) in opened)
            {
                ns.Dispose();
            }

            throw;
        }
    }

    /// <summary>Those that a restore joins by path.</summary>
    /// <exception cref="ContainerException">CRIU cannot join one of them.</exception>
    public static IReadOnlyList<(string Kind, string Path)> ByPath(ValidatedNamespaces namespaces)
    {
        List<(string, string)> joined = [];
        foreach (JoinedNamespace ns in namespaces.Joined)
        {
            if (ns.Kind == CloneFlags.CLONE_NEWCGROUP)
            {
                throw new ContainerException(
                    $"join the cgroup namespace '{ns.Path}': ENOTSUP (criu cannot: leave the namespace's path out)"
                );
            }

            if (NameOf(ns.Kind) is null)
            {
                joined.Add((NamespaceKinds.NameOf(ns.Kind), ns.Path));
            }
        }

        return joined;
    }

    private static string? NameOf(CloneFlags kind) =>
        kind switch
        {
            CloneFlags.CLONE_NEWNET => NetworkName,
            CloneFlags.CLONE_NEWPID => ProcessesName,
            _ => null,
        };

    private static NamespaceFd Open(JoinedNamespace joined) =>
        Namespaces
            .OpenPath(joined.Path)
            .OrThrow("open the namespace", joined.Path, "the namespace must be there: make it first");
}
