namespace Tare.Oci;

/// <summary>
/// The config.json that <c>spec</c> generates: in content that of runc 1.1, down to the host name, since bundles made by one
/// are run by the other; only the version of the specification is ours.
/// </summary>
public static class DefaultSpec
{
    private static readonly string[] Capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

    /// <summary>For a container that root runs.</summary>
    /// <param name="unifiedCgroups">
    /// Whether the machine has cgroup v2 only: then the container gets a cgroup namespace, as runc decides it.
    /// </param>
    public static RuntimeSpec Create(bool unifiedCgroups) =>
        new()
        {
            OciVersion = SpecVersion.Newest,
            Process = Process(),
            Root = new RootSpec("rootfs", Readonly: true),
            Hostname = "runc",
            Mounts = Mounts(),
            Linux = new LinuxSpec
            {
                Resources = new ResourcesSpec { Devices = [new DeviceRuleSpec { Allow = false }] },
                Namespaces = Namespaces(
                    unifiedCgroups,
                    NamespaceType.Pid,
                    NamespaceType.Network,
                    NamespaceType.Ipc,
                    NamespaceType.Uts,
                    NamespaceType.Mount
                ),
                MaskedPaths = MaskedPaths(),
                ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
            },
        };

    /// <summary>
    /// For a container that an ordinary user runs: a user namespace in which that user is root, the host's network and
    /// <c>/sys</c>, no limits.
    /// </summary>
    /// <param name="unifiedCgroups">As for <see cref="Create"/>.</param>
    /// <param name="uid">The user's effective id.</param>
    /// <param name="gid">The user's effective group.</param>
    public static RuntimeSpec CreateRootless(bool unifiedCgroups, uint uid, uint gid)
    {
        RuntimeSpec spec = Create(unifiedCgroups);
        return spec with
        {
            Mounts = [.. spec.Mounts.Select(Rootless)],
            Linux = spec.Linux! with
            {
                Resources = null,
                UidMappings = [new IdMapping(0, uid, 1)],
                GidMappings = [new IdMapping(0, gid, 1)],
                Namespaces =
                [
                    .. spec.Linux.Namespaces.Where(n => n.Type != NamespaceType.Network),
                    new NamespaceSpec(NamespaceType.User),
                ],
            },
        };
    }

    /// <summary>A single id is mapped, so no other owner can be asked for; sysfs belongs to the network namespace's owner.</summary>
    private static MountSpec Rootless(MountSpec mount) =>
        mount.Destination == "/sys"
            ? mount with
            {
                Type = "none",
                Source = "/sys",
                Options = ["rbind", "nosuid", "noexec", "nodev", "ro"],
            }
            : mount with
            {
                Options = [.. mount.Options.Where(o => !o.StartsWith("gid=", StringComparison.Ordinal))],
            };

    private static ProcessSpec Process() =>
        new()
        {
            Terminal = true,
            Args = ["sh"],
            Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
            Cwd = "/",
            Capabilities = new CapabilitiesSpec
            {
                Bounding = Capabilities,
                Effective = Capabilities,
                Permitted = Capabilities,
                Ambient = Capabilities,
            },
            Rlimits = [new RlimitSpec("RLIMIT_NOFILE", 1024, 1024)],
            NoNewPrivileges = true,
        };

    private static MountSpec[] Mounts() =>
        [
            Mount("/proc", "proc", "proc"),
            Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            Mount(
                "/dev/pts",
                "devpts",
                "devpts",
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620",
                "gid=5"
            ),
            Mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
            Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
            Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
            Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"),
        ];

    private static MountSpec Mount(string destination, string type, string source, params string[] options) =>
        new()
        {
            Destination = destination,
            Type = type,
            Source = source,
            Options = options,
        };

    private static NamespaceSpec[] Namespaces(bool unifiedCgroups, params NamespaceType[] types) =>
        [
            .. types.Select(t => new NamespaceSpec(t)),
            .. unifiedCgroups ? [new NamespaceSpec(NamespaceType.Cgroup)] : Array.Empty<NamespaceSpec>(),
        ];

    private static string[] MaskedPaths() =>
        [
            "/proc/acpi",
            "/proc/asound",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/sys/firmware",
            "/proc/scsi",
        ];
}
