using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.HostView;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Planning;

/// <summary>The plans that most launches have, by name.</summary>
internal static class TypicalPlans
{
    private static readonly CgroupView.Split Hierarchies = new([
        new CgroupHierarchyView("cpu,cpuacct", "cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct/web", ["cpu", "cpuacct"]),
        new CgroupHierarchyView("memory", "memory", "/sys/fs/cgroup/memory/web", []),
        new CgroupHierarchyView("systemd", "none,name=systemd", "/sys/fs/cgroup/systemd/web", []),
    ]);

    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, Func<LaunchPlan>> All { get; } =
        new Dictionary<string, Func<LaunchPlan>>
        {
            ["spec"] = () => Specs.Steps(Specs.Default, InCgroup),
            ["spec-rootless"] = () => Specs.Steps(Specs.Rootless, AsUser),
            ["create-start"] = () =>
                Specs.Steps(
                    Specs.Default,
                    InCgroup with
                    {
                        GateBeforeProgram = true,
                        WaitsForStart = true,
                        ReportsFailure = true,
                        PreservedDescriptors = 2,
                    }
                ),
            ["hooks"] = () =>
                Specs.Steps(TypicalSpecs.Hooked, InCgroup with { GateBeforeProgram = true, WaitsForStart = true }),
            ["hook-in-runtime"] = () => HookPlanner.InRuntime(Hook, "/bundle").Plan,
            ["hook-in-container"] = () => HookPlanner.InContainer(Hook, new ExecTarget(Kinds), privileged: true).Plan,
            ["net-devices"] = () =>
                Specs.Steps(
                    Specs.Default.Linux(linux => linux with { NetDevices = [new NetDeviceSpec("eth1", "lan")] }),
                    InCgroup
                ),
            ["resctrl"] = () =>
                Specs.Steps(Specs.Default, InCgroup with { ResctrlGroups = ["gold", "mon_groups/web"] }),
            ["terminal"] = () => Specs.Steps(TypicalSpecs.Terminal),
            ["everything"] = () =>
                Specs.Steps(TypicalSpecs.Everything, InCgroup with { Keyring = "web", DieWithLauncher = true }),
            ["mounts"] = () => Specs.Steps(TypicalSpecs.Mounts),
            ["symlinks"] = () =>
                Specs.Steps(
                    TypicalSpecs.Symlinks,
                    Specs.Context with
                    {
                        CopiedSymlinks =
                        [
                            .. TypicalSpecs.Symlinks.Mounts.Select(mount =>
                                mount.Source == "/etc/localtime" ? "../usr/share/zoneinfo/UTC" : null
                            ),
                        ],
                    }
                ),
            ["namespaces-joined"] = () => Specs.Steps(TypicalSpecs.Joined(NamespaceType.Network, NamespaceType.Ipc)),
            ["namespaces-joined-pid"] = () => Specs.Steps(TypicalSpecs.Joined(NamespaceType.Pid)),
            ["namespaces-joined-user"] = () =>
                Specs.Steps(TypicalSpecs.Joined(NamespaceType.User, NamespaceType.Network)),
            ["user-namespace"] = () => Specs.Steps(TypicalSpecs.Mapped),
            ["cgroup-v1"] = () =>
                Specs.Steps(TypicalSpecs.DefaultOfV1, InHierarchies with { CgroupView = Hierarchies }),
            ["cgroup-v1-namespace"] = () => Specs.Steps(Specs.Default, InHierarchies with { CgroupView = Hierarchies }),
            ["cgroup-hybrid"] = () =>
                Specs.Steps(
                    TypicalSpecs.DefaultOfV1,
                    Specs.Context with
                    {
                        Cgroup = new CgroupEntry.Joined(Directory: true, ["cpu,cpuacct", "memory"]),
                        CgroupView = Hierarchies,
                    }
                ),
            ["cgroup-v2-bound"] = () => Specs.Steps(TypicalSpecs.DefaultOfV1, InCgroup),
            ["systemd"] = () =>
                Specs.Steps(Specs.Default, Specs.Context with { Cgroup = CgroupEntry.Moved, GateBeforeProgram = true }),
            ["no-pivot"] = () => Specs.Steps(Specs.Default, Specs.Context with { NoPivot = true }),
            ["shared-mounts"] = () =>
                Specs.Steps(
                    Specs.Default.Linux(linux =>
                        linux with
                        {
                            Namespaces = [.. linux.Namespaces.Where(ns => ns.Type != NamespaceType.Mount)],
                        }
                    ),
                    Specs.Context with
                    {
                        Root = new DirectoryRoot("/srv/web/rootfs", "/run/tare/web/rootfs"),
                    }
                ),
            ["exec"] = () => Exec(Shell, Kinds),
            ["exec-terminal"] = () =>
                Exec(
                    Shell with
                    {
                        Terminal = true,
                        ConsoleSize = new ConsoleSizeSpec(25, 80),
                        User = new UserSpec
                        {
                            Uid = 1000,
                            Gid = 1000,
                            AdditionalGids = [5, 6],
                        },
                        Cwd = "/home/user",
                    },
                    Kinds | CloneFlags.CLONE_NEWUSER
                ),
            ["host-view"] = () => HostView(isPrivileged: true),
            ["host-view-user"] = () => HostView(isPrivileged: false),
        };

    private static LaunchContext InCgroup =>
        Specs.Context with
        {
            Cgroup = new CgroupEntry.Joined(Directory: true, []),
        };

    private static LaunchContext InHierarchies =>
        Specs.Context with
        {
            Cgroup = new CgroupEntry.Joined(Directory: false, ["cpu,cpuacct", "memory", "systemd"]),
        };

    private static LaunchContext AsUser =>
        Specs.Context with
        {
            CgroupView = null,
            Privileged = false,
            SetgroupsDenied = true,
        };

    private static ProcessSpec Shell =>
        new()
        {
            Cwd = "/",
            Args = ["sh"],
            Env = ["PATH=/usr/bin:/bin"],
            NoNewPrivileges = true,
        };

    private static ValidatedHook Hook =>
        HookRules
            .Check(
                new HooksSpec
                {
                    CreateContainer =
                    [
                        new HookSpec
                        {
                            Path = "/usr/bin/hook",
                            Args = ["hook", "--now"],
                            Env = ["A=b"],
                            Timeout = 5,
                        },
                    ],
                }
            )
            .Of(HookKind.CreateContainer)
            .Single();

    private static CloneFlags Kinds =>
        CloneFlags.CLONE_NEWNS
        | CloneFlags.CLONE_NEWPID
        | CloneFlags.CLONE_NEWNET
        | CloneFlags.CLONE_NEWIPC
        | CloneFlags.CLONE_NEWUTS
        | CloneFlags.CLONE_NEWCGROUP;

    private static LaunchPlan Exec(ProcessSpec process, CloneFlags namespaces) =>
        ExecPlanner
            .Plan(
                ProcessValidator.Validate(process, "process"),
                new ExecTarget(namespaces),
                InCgroup with
                {
                    Root = RootView.Joined,
                    ReportsFailure = true,
                }
            )
            .Plan;

    private static LaunchPlan HostView(bool isPrivileged)
    {
        HostLayout layout = HostLayout.Decide(
            new HostViewRequest
            {
                IsPrivileged = isPrivileged,
                Uid = isPrivileged ? 0u : 1000,
                Home = isPrivileged ? "/root" : "/home/user",
                WorkingDirectory = isPrivileged ? "/tmp/work" : "/home/user/src",
            },
            [
                new HostMount(1, 1, "/", "ext4", IsReadOnly: false, IsNoExec: false),
                new HostMount(2, 1, "/proc", "proc", IsReadOnly: false, IsNoExec: true),
                new HostMount(3, 1, "/srv/a:b", "xfs", IsReadOnly: false, IsNoExec: true),
                new HostMount(4, 1, "/etc/hosts", "ext4", IsReadOnly: false, IsNoExec: false),
                new HostMount(5, 1, "/run", "tmpfs", IsReadOnly: false, IsNoExec: false),
            ],
            path =>
                path switch
                {
                    "/etc/hosts" => new HostFile(IsDirectory: false, IsReadable: true, 0, 0, 0x1A4),
                    "/home/user" or "/home/user/src" => new HostFile(
                        IsDirectory: true,
                        IsReadable: true,
                        1000,
                        1000,
                        0x1C0
                    ),
                    "/tmp" => new HostFile(IsDirectory: true, IsReadable: true, 0, 0, 0x3FF),
                    _ => new HostFile(IsDirectory: true, IsReadable: true, 0, 0, 0x1ED),
                }
        );
        RuntimeSpec spec = isPrivileged
            ? Specs.Default
            : Specs.Rootless.Linux(linux =>
                linux with
                {
                    UidMappings = [new IdMapping(1000, 1000, 1)],
                    GidMappings = [new IdMapping(1000, 1000, 1)],
                }
            );
        return Specs.Steps(
            spec.Process(process =>
                process with
                {
                    Cwd = isPrivileged ? "/tmp/work" : "/home/user/src",
                    User = isPrivileged ? UserSpec.Root : new UserSpec { Uid = 1000, Gid = 1000 },
                }
            ),
            new LaunchContext
            {
                Root = new HostRoot(layout),
                HasInit = true,
                WritesOwnMaps = !isPrivileged,
                Privileged = isPrivileged,
                SetgroupsDenied = !isPrivileged,
                StreamsGiven = true,
                DieWithLauncher = true,
            }
        );
    }
}
