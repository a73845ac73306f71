using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Observation;

/// <summary>What really holds for a container's first process, as the kernel tells it.</summary>
public sealed record ObservedProcess
{
    /// <summary>Its namespaces.</summary>
    public IReadOnlyList<ObservedNamespace> Namespaces { get; init; } = [];

    /// <summary>Its users, as numbers of its own user namespace.</summary>
    public ProcessIds Users { get; init; }

    /// <summary>Its groups, as numbers of its own user namespace.</summary>
    public ProcessIds Groups { get; init; }

    /// <summary>Its further groups, likewise, in ascending order.</summary>
    public IReadOnlyList<uint> AdditionalGroups { get; init; } = [];

    /// <summary>The rest of what /proc/PID/status tells: capabilities, umask, no_new_privs, seccomp.</summary>
    public required ProcStatus Status { get; init; }

    /// <summary>How it is scheduled: policy, nice value and priority.</summary>
    public required ProcStat Stat { get; init; }

    /// <summary>The label that a security module has given it; null where there is none.</summary>
    public string? Label { get; init; }

    /// <summary>Its resource limits.</summary>
    public IReadOnlyList<ObservedLimit> Limits { get; init; } = [];

    /// <summary>How willingly the kernel kills it for memory, -1000 to 1000.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>The name of its host; null where this user may not look at it.</summary>
    public string? Hostname { get; init; }

    /// <summary>What is mounted, as it sees it.</summary>
    public IReadOnlyList<MountEntry> Mounts { get; init; } = [];

    /// <summary>Its container's groups.</summary>
    public IReadOnlyList<ObservedGroup> Cgroups { get; init; } = [];

    /// <summary>What the kernel would not tell this user, by the names that config.json or /proc has for it.</summary>
    public IReadOnlyList<string> Unobserved { get; init; } = [];

    /// <summary>Its namespace of one kind; null where that was not to be seen.</summary>
    public ObservedNamespace? Namespace(CloneFlags kind)
    {
        foreach (ObservedNamespace candidate in Namespaces)
        {
            if (candidate.Kind == kind)
            {
                return candidate;
            }
        }

        return null;
    }
}
