using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The namespaces of a new process. namespaces(7).</summary>
public sealed record ProcessNamespaces
{
    /// <summary>This process's.</summary>
    public static ProcessNamespaces Inherited { get; } = new();

    /// <summary>
    /// New ones: CLONE_NEWUSER and so on. CAP_SYS_ADMIN, or CLONE_NEWUSER among them. A time namespace is entered by execve(2)
    /// from Linux 6.3 on; before that only the program's children are in it.
    /// </summary>
    public CloneFlags New { get; init; }

    /// <summary>
    /// Ones to join, in this order; they stay the caller's and must be open until the process was started. A PID namespace is
    /// the process's own from its start. CAP_SYS_ADMIN in each.
    /// </summary>
    public ImmutableArray<NamespaceFd> Joined { get; init; } = [];

    /// <summary>
    /// Users of a new user namespace, root among them; empty is this process's user as root. More than the own one needs
    /// CAP_SETUID; without it newuidmap(1) is asked, which allows what /etc/subuid grants.
    /// </summary>
    public ImmutableArray<IdRange> Users { get; init; } = [];

    /// <summary>
    /// Groups of a new user namespace; empty is this process's group as root, and setgroups(2) denied, as it is where an
    /// ordinary user maps the own group only. Otherwise newgidmap(1) is asked, as for <see cref="Users"/>.
    /// </summary>
    public ImmutableArray<IdRange> Groups { get; init; } = [];

    /// <summary>What this process's user and group are in a new user namespace without maps.</summary>
    internal (uint User, uint Group) Own { get; init; }

    /// <summary>The host name, 1 to 64 bytes; of a new or joined UTS namespace only. sethostname(2).</summary>
    public string? HostName { get; init; }

    /// <summary>The NIS domain name, 1 to 64 bytes; of a new or joined UTS namespace only. setdomainname(2).</summary>
    public string? DomainName { get; init; }

    /// <summary>
    /// How far CLOCK_MONOTONIC is ahead in a new time namespace; whole nanoseconds are kept to 100. CAP_SYS_TIME in its user
    /// namespace. time_namespaces(7), Linux 5.6.
    /// </summary>
    public TimeSpan? MonotonicOffset { get; init; }

    /// <summary>The same of CLOCK_BOOTTIME, which uptime(1) shows.</summary>
    public TimeSpan? BootTimeOffset { get; init; }

    /// <summary>
    /// Parameters of new or joined namespaces, by their names with dots: net.* of a network namespace; kernel.shm*,
    /// kernel.msg*, kernel.sem, fs.mqueue.* of an IPC namespace. Written through /proc/sys. sysctl(8).
    /// </summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;
}
