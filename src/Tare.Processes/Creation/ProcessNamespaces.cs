using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The namespaces of a new process. namespaces(7).</summary>
public sealed record ProcessNamespaces
{
    /// <summary>This process's.</summary>
    public static ProcessNamespaces Inherited { get; } = new();

    /// <summary>New ones: CLONE_NEWUSER and so on. CAP_SYS_ADMIN, or CLONE_NEWUSER among them.</summary>
    public CloneFlags New { get; init; }

    /// <summary>
    /// Ones to join, in this order; they stay the caller's and must be open until the process was started. A PID namespace is
    /// the process's own from its start. CAP_SYS_ADMIN in each.
    /// </summary>
    public ImmutableArray<NamespaceFd> Joined { get; init; } = [];

    /// <summary>
    /// Users of a new user namespace; empty is this process's user as root. More than the own one needs CAP_SETUID.
    /// </summary>
    public ImmutableArray<IdRange> Users { get; init; } = [];

    /// <summary>Groups of a new user namespace; empty is this process's group as root, and setgroups(2) denied.</summary>
    public ImmutableArray<IdRange> Groups { get; init; } = [];
}

/// <summary>A line of uid_map or gid_map. user_namespaces(7).</summary>
/// <param name="Inside">The first id in the namespace.</param>
/// <param name="Outside">The first id outside of it.</param>
/// <param name="Count">How many.</param>
public readonly record struct IdRange(uint Inside, uint Outside, uint Count);
