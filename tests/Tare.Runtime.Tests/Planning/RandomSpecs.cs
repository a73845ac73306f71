using System.Collections.Immutable;
using CsCheck;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Tests.Planning;

/// <summary>A container to be planned.</summary>
internal sealed record RandomContainer(RuntimeSpec Spec, LaunchContext Context);

/// <summary>A program to be added to a container.</summary>
internal sealed record RandomProgram(ProcessSpec Process, ExecTarget Target, LaunchContext Context);

/// <summary>Specifications that are valid, whatever chance makes of them.</summary>
internal static class RandomSpecs
{
    private const CloneFlags Joinable =
        CloneFlags.CLONE_NEWUSER
        | CloneFlags.CLONE_NEWPID
        | CloneFlags.CLONE_NEWUTS
        | CloneFlags.CLONE_NEWIPC
        | CloneFlags.CLONE_NEWNET
        | CloneFlags.CLONE_NEWCGROUP;

    private static readonly string[] Names = ["a", "b", "dev", "proc", "sys", "run", "shm", "net", "ö", "x:y"];

    private static readonly NamespaceType[] Kinds =
    [
        NamespaceType.Pid,
        NamespaceType.Network,
        NamespaceType.Ipc,
        NamespaceType.Uts,
        NamespaceType.Cgroup,
        NamespaceType.User,
        NamespaceType.Time,
    ];

    private static readonly string[] Options =
    [
        "ro",
        "rw",
        "nosuid",
        "noexec",
        "nodev",
        "dev",
        "relatime",
        "noatime",
        "strictatime",
        "sync",
        "private",
        "rslave",
        "rshared",
        "rro",
        "rnoexec",
        "ratime",
        "symfollow",
    ];

    private static readonly string[][] Symlinks =
    [
        [],
        ["copy-symlink"],
        ["src-nofollow"],
        ["dest-nofollow"],
        ["src-nofollow", "dest-nofollow"],
    ];

    private static readonly string[] FileSystems = ["tmpfs", "sysfs", "mqueue", "devpts", "ext4", "overlay", "cgroup"];

    private static readonly string[] Capabilities = [.. CapabilityNames.All.Take(8), "CAP_BPF", "CAP_IMAGINARY"];

    private static readonly Gen<string> Paths = One(Names).Array[1, 4].Select(parts => "/" + string.Join('/', parts));

    private static readonly Gen<ProcessSpec> Processes = Gen.Select(
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool),
        One("sh", "/bin/sh", "./x", "a b"),
        One<string?>("PATH=/usr/bin:/bin", "PATH=", "PATH=:/x/:", "HOME=/", null),
        Gen.OneOf(Gen.Const("/"), Paths),
        Gen.Select(One<uint>(0u, 1000), One<uint>(0u, 1001), Gen.UInt[0, 70_000].Array[0, 3]),
        One(Capabilities).Array[0, 4],
        One<int?>(null, 0, -1000, 1000),
        MakeProcess
    );

    private static readonly Gen<MountSpec> Mounts = Gen.Select(
        Paths,
        One(FileSystems),
        Gen.Bool,
        One(Options).Array[0, 4],
        MakeMount
    );

    private static readonly Gen<LaunchContext> Contexts = Gen.Select(
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool),
        Gen.Int[0, 3],
        Gen.Int[0, 3],
        Gen.Int[0, 2],
        MakeContext
    );

    /// <summary>Containers.</summary>
    public static Gen<RandomContainer> Containers { get; } =
        Gen.Select(
            Processes,
            Mounts.Array[0, 6],
            Gen.Int[0, 2].Array[Kinds.Length],
            Paths.Array[0, 3],
            Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool),
            Gen.Select(Gen.Int[0, 4], Paths.Array[0, 2]),
            Contexts,
            MakeContainer
        );

    /// <summary>Programs.</summary>
    public static Gen<RandomProgram> Programs { get; } =
        Gen.Select(
            Processes,
            Gen.ULong,
            Contexts,
            (process, bits, context) =>
                new RandomProgram(
                    process,
                    bits % 3 == 0
                        ? new ExecTarget((CloneFlags)bits & (Joinable | CloneFlags.CLONE_NEWNS))
                        {
                            RootPlace = "/run/tare/web/rootfs",
                        }
                        : new ExecTarget(CloneFlags.CLONE_NEWNS | ((CloneFlags)bits & Joinable)),
                    context with
                    {
                        Root = RootView.Joined,
                    }
                )
        );

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static ProcessSpec MakeProcess(
        (bool Terminal, bool Sized, bool NoNewPrivileges, bool Umask) flags,
        string program,
        string? variable,
        string cwd,
        (uint Uid, uint Gid, uint[] More) user,
        string[] capabilities,
        int? score
    ) =>
        new()
        {
            Terminal = flags.Terminal,
            ConsoleSize = flags.Sized ? new ConsoleSizeSpec(25, 80) : null,
            NoNewPrivileges = flags.NoNewPrivileges,
            Args = [program, "-x"],
            Env = variable is null ? [] : [variable, "A=b"],
            Cwd = cwd,
            User = new UserSpec
            {
                Uid = user.Uid,
                Gid = user.Gid,
                AdditionalGids = [.. user.More.Select(gid => gid % 60_000)],
                Umask = flags.Umask ? 0x3Fu : null,
            },
            Capabilities = new CapabilitiesSpec
            {
                Bounding = capabilities,
                Permitted = capabilities,
                Effective = [.. capabilities.Take(1)],
                Inheritable = [.. capabilities.Take(2)],
                Ambient = [.. capabilities.Skip(1)],
            },
            Rlimits = flags.Sized ? [new RlimitSpec("RLIMIT_NOFILE", 64, 128)] : [],
            OomScoreAdj = score,
            ApparmorProfile = flags.Umask ? "tight" : null,
            SelinuxLabel = flags.Terminal ? "a:b:c:s0:c1,c2" : null,
        };

    private static MountSpec MakeMount(string destination, string type, bool binds, string[] options)
    {
        // Inside /proc hardly anything may be covered, and only a procfs may be on it.
        if (destination == "/proc" || destination.StartsWith("/proc/", StringComparison.Ordinal))
        {
            return destination == "/proc"
                ? new MountSpec
                {
                    Destination = destination,
                    Type = "proc",
                    Source = "proc",
                    Options = options,
                }
                : new MountSpec
                {
                    Destination = "/proc/meminfo",
                    Source = "/host/meminfo",
                    Options = ["bind", .. options],
                };
        }

        return new MountSpec
        {
            Destination = destination,
            Type = binds ? "bind" : type,
            Source = binds ? "volume" : type,
            Options = binds
                ? [options.Length % 2 == 0 ? "bind" : "rbind", .. options, .. Symlinks[destination.Length % 5]]
                : options,
        };
    }

    private static LaunchContext MakeContext(
        (bool Gate, bool Start, bool Report, bool Streams) ends,
        (bool NoPivot, bool Dies, bool Keyring, bool Init) ways,
        int preserved,
        int entry,
        int view
    ) =>
        new()
        {
            HasAttributeCalls = ways.Keyring,
            Root = new DirectoryRoot("/srv/web/rootfs"),
            Cgroup = entry switch
            {
                0 => CgroupEntry.None,
                1 => new CgroupEntry.Joined(Directory: true, []),
                2 => CgroupEntry.Moved,
                _ => new CgroupEntry.Joined(Directory: false, ["memory", "cpu,cpuacct"]),
            },
            CgroupView = view switch
            {
                0 => null,
                1 => new CgroupView.Unified("/sys/fs/cgroup/web"),
                _ => new CgroupView.Split([
                    new CgroupHierarchyView("cpu,cpuacct", "cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct/web", ["cpu"]),
                ]),
            },
            GateBeforeProgram = ends.Gate,
            WaitsForStart = ends.Start,
            ReportsFailure = ends.Report,
            StreamsGiven = ends.Streams,
            NoPivot = ways.NoPivot,
            DieWithLauncher = ways.Dies,
            Keyring = ways.Keyring ? "web" : null,
            HasInit = ways.Init,
            PreservedDescriptors = preserved,
            IgnoredSignals = ends.Gate ? SignalSet.Of(Signal.SIGINT, Signal.SIGPIPE, (Signal)64) : SignalSet.Empty,
            DefaultEnvironment = ["HOME=/root"],
        };

    private static RandomContainer MakeContainer(
        ProcessSpec process,
        MountSpec[] mounts,
        int[] namespaces,
        string[] hidden,
        (bool Default, bool ReadOnly, bool Sysctl, bool Hostname) parts,
        (int Propagation, string[] Devices) more,
        LaunchContext context
    )
    {
        List<NamespaceSpec> list = [];
        for (int i = 0; i < Kinds.Length; i++)
        {
            bool joins = namespaces[i] == 2 && Kinds[i] != NamespaceType.Time;
            if (namespaces[i] > 0)
            {
                list.Add(new NamespaceSpec(Kinds[i], joins ? $"/run/ns/{Kinds[i]}" : null));
            }
        }

        bool maps = list.Exists(ns => ns is { Type: NamespaceType.User, Path: null });
        bool Has(NamespaceType kind) => list.Exists(ns => ns.Type == kind);
        bool sharesMounts = !Has(NamespaceType.User) && namespaces.Sum() % 3 == 0;
        if (!sharesMounts || list.Count % 2 == 0)
        {
            list.Add(new NamespaceSpec(NamespaceType.Mount, sharesMounts ? "/run/ns/mount" : null));
        }

        RootView root = sharesMounts ? new DirectoryRoot("/srv/web/rootfs", "/run/tare/web/rootfs") : context.Root;
        RuntimeSpec spec = new()
        {
            OciVersion = "1.2.0",
            Process = process,
            Root = new RootSpec("rootfs", parts.ReadOnly),
            Hostname = parts.Hostname && Has(NamespaceType.Uts) ? "web" : null,
            Mounts = [.. parts.Default ? Specs.Default.Mounts : [], .. mounts],
            Linux = new LinuxSpec
            {
                Namespaces = list,
                UidMappings = maps ? [new IdMapping(0, 100_000, 65_536)] : [],
                GidMappings = maps ? [new IdMapping(0, 100_000, 65_536)] : [],
                MaskedPaths = hidden,
                ReadonlyPaths = [.. hidden.Take(1)],
                MountLabel = parts.ReadOnly ? "a:b:d:s0:c1,c2" : null,
                RootfsPropagation = more.Propagation switch
                {
                    0 => null,
                    1 => "shared",
                    2 => "rprivate",
                    3 => "unbindable",
                    _ => "rslave",
                },
                Sysctl =
                    parts.Sysctl && Has(NamespaceType.Network)
                        ? new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1" }
                        : new Dictionary<string, string>(),
                Devices =
                [
                    .. more
                        .Devices.Distinct()
                        .Select(path => new DeviceSpec
                        {
                            Path = path,
                            Type = DeviceType.Character,
                            Major = 10,
                            Minor = 200,
                            Gid = 7,
                        }),
                ],
            },
        };
        return new RandomContainer(spec, context with { Root = root, CopiedSymlinks = CopiedSymlinks(spec) });
    }

    // Of the sources that are to be copied if they are symlinks, every other one is.
    private static ImmutableArray<string?> CopiedSymlinks(RuntimeSpec spec) =>
        [
            .. spec.Mounts.Select(
                (mount, i) => i % 2 == 0 && mount.Options.Contains("copy-symlink") ? $"/host/../{i}" : null
            ),
        ];
}
