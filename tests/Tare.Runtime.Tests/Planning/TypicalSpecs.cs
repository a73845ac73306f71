using Tare.Oci;

namespace Tare.Runtime.Tests.Planning;

/// <summary>Specifications as people and engines write them.</summary>
internal static class TypicalSpecs
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<RuntimeSpec> All =>
        [
            Specs.Default,
            Specs.Rootless,
            DefaultOfV1,
            Terminal,
            Hooked,
            Mapped,
            Everything,
            Mounts,
            Symlinks,
            Joined(NamespaceType.User),
        ];

    /// <summary>What `spec` writes on a machine with cgroup v1: no cgroup namespace.</summary>
    public static RuntimeSpec DefaultOfV1 =>
        DefaultSpec.Create(unifiedCgroups: false).Process(process => process with { Terminal = false });

    /// <summary>With a terminal.</summary>
    public static RuntimeSpec Terminal =>
        Specs.Default.Process(process => process with { Terminal = true, ConsoleSize = new ConsoleSizeSpec(25, 80) });

    /// <summary>With a hook of each kind.</summary>
    public static RuntimeSpec Hooked
    {
        get
        {
            HookSpec hook = new() { Path = "/usr/bin/hook" };
            return Specs.Default with
            {
                Hooks = new HooksSpec
                {
                    Prestart = [hook],
                    CreateRuntime = [hook],
                    CreateContainer = [hook],
                    StartContainer = [hook],
                    Poststart = [hook],
                    Poststop = [hook],
                },
            };
        }
    }

    /// <summary>With a user namespace of many ids.</summary>
    public static RuntimeSpec Mapped =>
        Specs.Default.Linux(linux =>
            linux with
            {
                Namespaces = [.. linux.Namespaces, new NamespaceSpec(NamespaceType.User)],
                UidMappings = [new IdMapping(0, 100_000, 65_536)],
                GidMappings = [new IdMapping(0, 100_000, 65_536)],
            }
        );

    /// <summary>Something of everything.</summary>
    public static RuntimeSpec Everything =>
        (Specs.Default with { Domainname = "example" })
            .Process(process =>
                process with
                {
                    Args = ["./server", "--port", "80"],
                    Cwd = "/srv/app",
                    User = new UserSpec
                    {
                        Uid = 1000,
                        Gid = 1001,
                        AdditionalGids = [27, 44],
                        Umask = 0x12,
                    },
                    Capabilities = new CapabilitiesSpec
                    {
                        Bounding = ["CAP_NET_BIND_SERVICE", "CAP_CHOWN"],
                        Permitted = ["CAP_NET_BIND_SERVICE"],
                        Effective = ["CAP_NET_BIND_SERVICE"],
                        Inheritable = ["CAP_NET_BIND_SERVICE"],
                        Ambient = ["CAP_NET_BIND_SERVICE"],
                    },
                    Rlimits =
                    [
                        new RlimitSpec("RLIMIT_NOFILE", 1024, 4096),
                        new RlimitSpec("RLIMIT_CORE", 0, ulong.MaxValue),
                    ],
                    OomScoreAdj = 500,
                }
            )
            .Linux(linux =>
                linux with
                {
                    Namespaces = [.. linux.Namespaces, new NamespaceSpec(NamespaceType.Time)],
                    RootfsPropagation = "rprivate",
                    Sysctl = new Dictionary<string, string>
                    {
                        ["net.ipv4.ip_unprivileged_port_start"] = "0",
                        ["kernel.shmmax"] = "65536",
                    },
                    Devices =
                    [
                        new DeviceSpec
                        {
                            Type = DeviceType.Character,
                            Path = "/dev/fuse",
                            Major = 10,
                            Minor = 229,
                            FileMode = 0x1B0,
                            Gid = 44,
                        },
                        new DeviceSpec { Type = DeviceType.Fifo, Path = "/run/events" },
                    ],
                    MaskedPaths = [.. linux.MaskedPaths, "/etc/shadow"],
                    ReadonlyPaths = [.. linux.ReadonlyPaths, "/etc"],
                }
            );

    /// <summary>Mounts of every kind.</summary>
    public static RuntimeSpec Mounts =>
        Specs
            .Default.Mount("/data", "bind", "volumes/data", "rbind", "ro", "nosuid", "rprivate")
            .Mount("/etc/hosts", "", "/var/lib/web/hosts", "bind", "rro", "noatime")
            .Mount("/proc/cpuinfo", "", "/var/lib/web/cpuinfo", "bind", "ro")
            .Mount("/run", "tmpfs", "tmpfs", "ro", "nosuid", "size=1m", "mode=755")
            .Mount("/run/lock", "tmpfs", "tmpfs", "noexec", "rslave")
            .Mount("/disk", "ext4", "/dev/vdb", "ro", "data=ordered")
            .Mount("/layers", "overlay", "overlay", "lowerdir=/a:/b", "upperdir=/c", "workdir=/d")
            .Mount("/dev/shm", "", "", "remount", "bind", "ro");

    /// <summary>Mounts of symlinks and on symlinks.</summary>
    public static RuntimeSpec Symlinks =>
        Specs
            .Default.Mount("/etc/localtime", "", "/etc/localtime", "bind", "copy-symlink")
            .Mount("/etc/hosts", "", "/etc/hosts", "bind", "copy-symlink")
            .Mount("/etc/mtab", "", "/srv/web/mtab", "bind", "src-nofollow", "dest-nofollow")
            .Mount("/run/link", "", "/srv/web/link", "rbind", "src-nofollow")
            .Mount("/etc/resolv.conf", "", "/srv/web/resolv.conf", "bind", "dest-nofollow", "ro");

    /// <summary>With namespaces that are joined by path.</summary>
    public static RuntimeSpec Joined(params NamespaceType[] kinds) =>
        Specs.Default.Linux(linux =>
            linux with
            {
                Namespaces =
                [
                    .. linux.Namespaces.Where(ns => !kinds.Contains(ns.Type)),
                    .. kinds.Select(kind => new NamespaceSpec(
                        kind,
                        $"/proc/4711/ns/{kind.ToString().ToLowerInvariant()}"
                    )),
                ],
            }
        );
}
