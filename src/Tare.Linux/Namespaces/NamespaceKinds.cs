using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>The eight kinds of namespace, by flag and by the name of their file in /proc/PID/ns. namespaces(7).</summary>
public static class NamespaceKinds
{
    /// <summary>All of them, in one word.</summary>
    public const CloneFlags All =
        CloneFlags.CLONE_NEWCGROUP
        | CloneFlags.CLONE_NEWIPC
        | CloneFlags.CLONE_NEWNS
        | CloneFlags.CLONE_NEWNET
        | CloneFlags.CLONE_NEWPID
        | CloneFlags.CLONE_NEWTIME
        | CloneFlags.CLONE_NEWUSER
        | CloneFlags.CLONE_NEWUTS;

    /// <summary>Each of them.</summary>
    public static IReadOnlyList<CloneFlags> Each { get; } =
    [
        CloneFlags.CLONE_NEWPID,
        CloneFlags.CLONE_NEWNET,
        CloneFlags.CLONE_NEWNS,
        CloneFlags.CLONE_NEWIPC,
        CloneFlags.CLONE_NEWUTS,
        CloneFlags.CLONE_NEWUSER,
        CloneFlags.CLONE_NEWCGROUP,
        CloneFlags.CLONE_NEWTIME,
    ];

    /// <summary>The file's name (<c>mnt</c>, <c>net</c> …) of one kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The flag is none, or several, of the CLONE_NEW flags.</exception>
    public static string NameOf(CloneFlags kind) =>
        kind switch
        {
            CloneFlags.CLONE_NEWCGROUP => "cgroup",
            CloneFlags.CLONE_NEWIPC => "ipc",
            CloneFlags.CLONE_NEWNS => "mnt",
            CloneFlags.CLONE_NEWNET => "net",
            CloneFlags.CLONE_NEWPID => "pid",
            CloneFlags.CLONE_NEWTIME => "time",
            CloneFlags.CLONE_NEWUSER => "user",
            CloneFlags.CLONE_NEWUTS => "uts",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not one kind of namespace"),
        };

    /// <summary>The kind whose file has that name, or <see cref="CloneFlags.None"/>.</summary>
    public static CloneFlags Named(ReadOnlySpan<char> name) =>
        name switch
        {
            "cgroup" => CloneFlags.CLONE_NEWCGROUP,
            "ipc" => CloneFlags.CLONE_NEWIPC,
            "mnt" => CloneFlags.CLONE_NEWNS,
            "net" => CloneFlags.CLONE_NEWNET,
            "pid" => CloneFlags.CLONE_NEWPID,
            "time" => CloneFlags.CLONE_NEWTIME,
            "user" => CloneFlags.CLONE_NEWUSER,
            "uts" => CloneFlags.CLONE_NEWUTS,
            _ => CloneFlags.None,
        };
}
