using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Cli.Observation;

/// <summary>Which container a process is in, as far as its cgroup's path and its numbers tell.</summary>
internal static class ContainerName
{
    private const int FullId = 64;
    private const int ShownId = 12;
    private static readonly string[] Prefixes =
    [
        "docker-",
        "libpod-",
        "crio-",
        "cri-containerd-",
        "containerd-",
        "tare-oci-",
        "runc-",
        "crun-",
        "machine-",
        "lxc.payload.",
    ];

    /// <summary>
    /// The container's id where the cgroup's path has one, <c>run-…</c> for a <c>tare run</c>, <c>pid:NUMBER</c> for another
    /// PID namespace, <c>pid:?</c> where that namespace may not be known; null for a process of this machine's own.
    /// </summary>
    public static string? Of(ProcessSnapshot process) =>
        OfCgroups(process.Cgroups ?? [])
        ?? (process.Status.NamespaceProcessIds.Count > 1 ? NamespaceOf(process.ProcessId) : null);

    /// <summary>The id as tables have it.</summary>
    public static string Short(string container) =>
        container.Length > ShownId && IsHexadecimal(container) ? container[..ShownId] : container;

    /// <summary>The same from the cgroups' paths: the innermost part that names a container.</summary>
    public static string? OfCgroups(IReadOnlyList<CgroupMembership> cgroups)
    {
        foreach (CgroupMembership cgroup in cgroups)
        {
            string[] parts = cgroup.Path.Split('/');
            for (int i = parts.Length - 1; i >= 0; i--)
            {
                if (OfPart(parts[i]) is { } name)
                {
                    return name;
                }
            }
        }

        return null;
    }

    // Engines name cgroups docker-ID.scope, libpod-ID, /docker/ID; tare's own are run-PID-TIME and tare-oci-NAME.scope.
    private static string? OfPart(string part)
    {
        string name = part.EndsWith(".scope", StringComparison.Ordinal) ? part[..^".scope".Length] : part;
        foreach (string prefix in Prefixes)
        {
            if (name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal))
            {
                string id = name[prefix.Length..];
                return id.StartsWith("conmon-", StringComparison.Ordinal) ? null : id;
            }
        }

        return name.Length == FullId && IsHexadecimal(name) ? name
            : IsSandbox(name) ? name
            : null;
    }

    private static bool IsSandbox(string name)
    {
        string[] parts = name.Split('-');
        return parts is ["run", { Length: > 0 } process, { Length: > 0 } time]
            && process.All(char.IsAsciiDigit)
            && time.All(char.IsAsciiHexDigitLower);
    }

    private static bool IsHexadecimal(string text) => text.All(char.IsAsciiHexDigitLower);

    private static string NamespaceOf(int processId)
    {
        SysResult<DirectoryFd> opened = ProcDirectory.Open(processId);
        if (!opened.Ok)
        {
            return "pid:?";
        }

        using DirectoryFd directory = opened.Value;
        SysResult<string> target = ProcDirectory.Target(
            directory,
            $"ns/{NamespaceKinds.NameOf(CloneFlags.CLONE_NEWPID)}"
        );
        return target.Ok ? $"pid:{target.Value["pid:[".Length..].TrimEnd(']')}" : "pid:?";
    }
}
