using System.Collections.Immutable;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.sysctl</c>: only what a namespace of the container has for itself.</summary>
internal static class SysctlRules
{
    public static ImmutableArray<ValidatedSysctl> Check(
        IReadOnlyDictionary<string, string> sysctls,
        RuntimeSpec spec,
        ValidatedNamespaces namespaces
    )
    {
        if (sysctls.Count == 0)
        {
            return [];
        }

        ImmutableArray<ValidatedSysctl>.Builder result = ImmutableArray.CreateBuilder<ValidatedSysctl>(sysctls.Count);
        foreach ((string key, string value) in sysctls)
        {
            result.Add(Check($"linux.sysctl['{key}']", key, value, spec, namespaces));
        }

        return result.MoveToImmutable();
    }

    private static ValidatedSysctl Check(
        string property,
        string key,
        string value,
        RuntimeSpec spec,
        ValidatedNamespaces namespaces
    )
    {
        if (key.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal))
        {
            throw new SpecException(property, "contains a zero byte (leave it out)");
        }

        string path = PathOf(key);
        foreach (string part in path.Split('/'))
        {
            if (part is "" or "." or "..")
            {
                throw new SpecException(property, "is no name of a kernel parameter (write it as sysctl(8) does)");
            }
        }

        CloneFlags kind = NamespaceOf(path);
        if (kind == CloneFlags.None)
        {
            throw new SpecException(
                property,
                "is not namespaced: it would change the whole machine (set it on the host)"
            );
        }

        if (!namespaces.Has(kind))
        {
            throw new SpecException(
                property,
                $"belongs to a namespace that the container shares with the host (add {{\"type\": \"{NameOf(kind)}\"}} to linux.namespaces)"
            );
        }

        bool taken =
            (path == "kernel/hostname" && !string.IsNullOrEmpty(spec.Hostname))
            || (path == "kernel/domainname" && !string.IsNullOrEmpty(spec.Domainname));
        if (taken)
        {
            throw new SpecException(property, "contradicts hostname or domainname (leave one of them out)");
        }

        return new ValidatedSysctl(key, path, value);
    }

    private static string NameOf(CloneFlags kind) =>
        kind switch
        {
            CloneFlags.CLONE_NEWIPC => "ipc",
            CloneFlags.CLONE_NEWUTS => "uts",
            _ => "network",
        };

    // As sysctl(8): the first separator decides, so that names with a dot in them (an interface's) can be written with slashes.
    private static string PathOf(string key)
    {
        int first = key.AsSpan().IndexOfAny('.', '/');
        if (first < 0 || key[first] == '/')
        {
            return key;
        }

        return string.Create(
            key.Length,
            key,
            static (path, name) =>
            {
                for (int i = 0; i < path.Length; i++)
                {
                    path[i] = name[i] switch
                    {
                        '.' => '/',
                        '/' => '.',
                        char other => other,
                    };
                }
            }
        );
    }

    private static CloneFlags NamespaceOf(string path) =>
        path switch
        {
            "kernel/msgmax"
            or "kernel/msgmnb"
            or "kernel/msgmni"
            or "kernel/sem"
            or "kernel/shmall"
            or "kernel/shmmax"
            or "kernel/shmmni"
            or "kernel/shm_rmid_forced" => CloneFlags.CLONE_NEWIPC,
            "kernel/hostname" or "kernel/domainname" => CloneFlags.CLONE_NEWUTS,
            _ when path.StartsWith("fs/mqueue/", StringComparison.Ordinal) => CloneFlags.CLONE_NEWIPC,
            _ when path.StartsWith("net/", StringComparison.Ordinal) => CloneFlags.CLONE_NEWNET,
            _ => CloneFlags.None,
        };
}
