using System.Collections.Immutable;

namespace Tare.Runtime.Validation;

/// <summary>The file systems that lie on nothing: their source is a word without meaning. filesystems(5).</summary>
internal static class KernelFileSystems
{
    private static readonly ImmutableArray<string> Types =
    [
        "binder",
        "binfmt_misc",
        "bpf",
        "cgroup",
        "cgroup2",
        "configfs",
        "debugfs",
        "devpts",
        "devtmpfs",
        "efivarfs",
        "fusectl",
        "hugetlbfs",
        "mqueue",
        "proc",
        "pstore",
        "ramfs",
        "rpc_pipefs",
        "securityfs",
        "selinuxfs",
        "sysfs",
        "tmpfs",
        "tracefs",
    ];

    /// <summary>The type is one of them.</summary>
    public static bool Contains(string type) => Types.Contains(type);
}
