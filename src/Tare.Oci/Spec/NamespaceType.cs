namespace Tare.Oci;

/// <summary>The eight kinds of namespaces(7), by the names that the specification gives them in lower case.</summary>
public enum NamespaceType
{
    /// <summary>Process ids.</summary>
    Pid,

    /// <summary>Network devices, addresses, ports.</summary>
    Network,

    /// <summary>Mounts.</summary>
    Mount,

    /// <summary>System V and POSIX message queues, semaphores, shared memory.</summary>
    Ipc,

    /// <summary>Host and domain name.</summary>
    Uts,

    /// <summary>User and group ids, capabilities.</summary>
    User,

    /// <summary>The root of the visible cgroup tree.</summary>
    Cgroup,

    /// <summary>The offsets of the boot and monotonic clocks.</summary>
    Time,
}
