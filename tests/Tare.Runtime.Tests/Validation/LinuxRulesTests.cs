using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Validation;

public sealed class LinuxRulesTests
{
    [Theory]
    [InlineData(NamespaceType.Pid, CloneFlags.CLONE_NEWPID)]
    [InlineData(NamespaceType.Network, CloneFlags.CLONE_NEWNET)]
    [InlineData(NamespaceType.Mount, CloneFlags.CLONE_NEWNS)]
    [InlineData(NamespaceType.Ipc, CloneFlags.CLONE_NEWIPC)]
    [InlineData(NamespaceType.Uts, CloneFlags.CLONE_NEWUTS)]
    [InlineData(NamespaceType.User, CloneFlags.CLONE_NEWUSER)]
    [InlineData(NamespaceType.Cgroup, CloneFlags.CLONE_NEWCGROUP)]
    [InlineData(NamespaceType.Time, CloneFlags.CLONE_NEWTIME)]
    public void Every_kind_of_namespace_is_known(NamespaceType type, CloneFlags flag)
    {
        Assert.Equal(flag, NamespaceRules.FlagOf(type));
        Assert.Equal(
            $"linux.namespaces[1]: '{type.ToString().ToLowerInvariant()}' is there twice (remove one)",
            Namespaces(new NamespaceSpec(type), new NamespaceSpec(type))
        );
    }

    [Theory]
    [InlineData("eth1", "", "linux.netDevices: '' cannot be")]
    [InlineData("eth1", "a b", "linux.netDevices: 'a b' cannot be")]
    [InlineData("eth1", "..", "linux.netDevices: '..' cannot be")]
    [InlineData("eth1", "sixteen-letters-", "linux.netDevices: 'sixteen-letters-' cannot be")]
    [InlineData("eth1", "eth1", "linux.netDevices.eth1: is given twice (remove one)")]
    [InlineData("eth1", "eth2", "linux.netDevices.eth2.name: two devices cannot both be 'lan' (rename one)")]
    public void Network_devices_have_names_of_their_own(string first, string second, string message) =>
        Assert.StartsWith(
            message,
            Refusal.OfLinux(linux =>
                linux with
                {
                    NetDevices = [new NetDeviceSpec(first, "lan"), new NetDeviceSpec(second, "lan")],
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Network_devices_are_not_an_ordinary_users() =>
        Assert.Equal(
            "linux.netDevices: cannot be had by an ordinary user, whose the machine's devices are not (run as root, or leave it out)",
            Refusal.Of(
                Specs.Rootless.Linux(linux =>
                    linux with
                    {
                        Namespaces = [.. linux.Namespaces, new NamespaceSpec(NamespaceType.Network)],
                        NetDevices = [new NetDeviceSpec("eth1", null)],
                    }
                ),
                new ValidationContext("/srv/web") { RootGiven = true, Rootless = true }
            )
        );

    [Fact]
    public void Namespaces_are_joined_by_absolute_paths() =>
        Assert.Equal(
            "linux.namespaces[0].path: 'ns/net' is not absolute (begin it with '/')",
            Namespaces(new NamespaceSpec(NamespaceType.Network, "ns/net"))
        );

    [Fact]
    public void A_mount_namespace_is_one_that_the_containers_root_has_rights_in()
    {
        Assert.Equal(
            "linux.namespaces: a user namespace has no rights in the runtime's mount namespace (add {\"type\": \"mount\"})",
            Namespaces(new NamespaceSpec(NamespaceType.User, "/proc/1/ns/user"))
        );
        Assert.Equal(
            "linux.namespaces: a new user namespace has no rights in a mount namespace that is joined (leave that one's path out)",
            Namespaces(new NamespaceSpec(NamespaceType.User), new NamespaceSpec(NamespaceType.Mount, "/proc/1/ns/mnt"))
        );
    }

    [Fact]
    public void An_ordinary_user_needs_a_user_namespace() =>
        Assert.Equal(
            "linux.namespaces: an ordinary user needs a user namespace (add {\"type\": \"user\"} with mappings, as spec --rootless does)",
            Refusal.Of(Specs.Default, new ValidationContext("/") { RootGiven = true, Rootless = true })
        );

    public static TheoryData<string, IdMapping[]> WrongMappings { get; } =
        new()
        {
            { "a new user namespace needs at least one line (map container id 0)", [] },
            { "341 lines are more than the kernel takes (at most 340)", [.. Lines(341)] },
            { "[0]: size is 0 (give the number of ids)", [new IdMapping(0, 1, 0)] },
            { "[0]: the range goes beyond the last id (make size smaller)", [new IdMapping(1, 0, uint.MaxValue)] },
            { "[0]: the range goes beyond the last id (make size smaller)", [new IdMapping(0, 1, uint.MaxValue)] },
            {
                "[1]: overlaps line 0 (let every id be mapped once)",
                [new IdMapping(0, 1000, 10), new IdMapping(9, 2000, 1)]
            },
            {
                "[1]: overlaps line 0 (let every id be mapped once)",
                [new IdMapping(0, 1000, 10), new IdMapping(10, 1009, 1)]
            },
        };

    [Theory]
    [MemberData(nameof(WrongMappings))]
    public void Mappings_are_what_the_kernel_takes(string problem, IdMapping[] lines)
    {
        string separator = problem[0] == '[' ? "" : ": ";

        Assert.Equal($"linux.uidMappings{separator}{problem}", Mapped(lines, [new IdMapping(0, 0, 1)]));
        Assert.Equal($"linux.gidMappings{separator}{problem}", Mapped([new IdMapping(0, 0, 1)], lines));
    }

    [Fact]
    public void As_many_lines_as_the_kernel_takes_are_fine() =>
        Assert.Equal(340, Specs.Validate(WithMappings([.. Lines(340)], [new IdMapping(0, 0, 1)])).UidMappings.Length);

    [Fact]
    public void Mappings_without_a_user_namespace_are_refused() =>
        Assert.Equal(
            "linux.gidMappings: needs a user namespace (add {\"type\": \"user\"} to linux.namespaces)",
            Refusal.OfLinux(linux => linux with { GidMappings = [new IdMapping(0, 0, 1)] })
        );

    [Fact]
    public void Mappings_of_a_user_namespace_that_is_joined_are_in_force_already()
    {
        RuntimeSpec spec = Specs.Default.Linux(linux =>
            linux with
            {
                Namespaces = [.. linux.Namespaces, new NamespaceSpec(NamespaceType.User, "/proc/1/ns/user")],
                UidMappings = [new IdMapping(0, 0, 0)],
            }
        );

        Assert.Empty(Specs.Validate(spec).UidMappings);
    }

    [Fact]
    public void The_programs_user_is_mapped()
    {
        IdMapping[] one = [new(0, 1000, 1)];
        RuntimeSpec spec = WithMappings(one, one);

        Assert.Equal(
            "process.user.uid: 5 is not mapped (add it to linux.uidMappings)",
            Refusal.Of(
                spec.Process(process =>
                    process with
                    {
                        User = new UserSpec { Uid = 5, Gid = 0 },
                    }
                )
            )
        );
        Assert.Equal(
            "process.user.gid: 6 is not mapped (add it to linux.gidMappings)",
            Refusal.Of(
                spec.Process(process =>
                    process with
                    {
                        User = new UserSpec { Uid = 0, Gid = 6 },
                    }
                )
            )
        );
        Assert.Equal(
            "process.user.additionalGids: 7 is not mapped (add it to linux.gidMappings)",
            Refusal.Of(spec.Process(process => process with { User = UserSpec.Root with { AdditionalGids = [0, 7] } }))
        );
    }

    [Fact]
    public void Names_need_a_namespace_and_at_most_64_bytes()
    {
        RuntimeSpec without = Specs.Default.Linux(linux =>
            linux with
            {
                Namespaces = [.. linux.Namespaces.Where(ns => ns.Type != NamespaceType.Uts)],
            }
        );

        Assert.Equal(
            "hostname: needs a UTS namespace (add {\"type\": \"uts\"} to linux.namespaces)",
            Refusal.Of(without)
        );
        Assert.Equal(
            "domainname: needs a UTS namespace (add {\"type\": \"uts\"} to linux.namespaces)",
            Refusal.Of(without with { Hostname = null, Domainname = "x" })
        );

        string long33 = new('ö', 33);
        Assert.Equal(
            $"hostname: '{long33}' is longer than 64 bytes or contains a zero (shorten it)",
            Refusal.Of(Specs.Default with { Hostname = long33 })
        );
        Assert.Equal(
            new string('ö', 32),
            Specs.Validate(Specs.Default with { Hostname = new string('ö', 32) }).Hostname
        );
    }

    [Theory]
    [InlineData("kernel.panic", "is not namespaced: it would change the whole machine (set it on the host)")]
    [InlineData("net", "is not namespaced: it would change the whole machine (set it on the host)")]
    [InlineData(
        "user.max_user_namespaces",
        "is not namespaced: it would change the whole machine (set it on the host)"
    )]
    [InlineData("net/../kernel/panic", "is no name of a kernel parameter (write it as sysctl(8) does)")]
    [InlineData("net..ipv4", "is no name of a kernel parameter (write it as sysctl(8) does)")]
    [InlineData("", "is no name of a kernel parameter (write it as sysctl(8) does)")]
    [InlineData("/net/ipv4", "is no name of a kernel parameter (write it as sysctl(8) does)")]
    [InlineData("kernel.hostname", "contradicts hostname or domainname (leave one of them out)")]
    [InlineData(
        "kernel.sem",
        "belongs to a namespace that the container shares with the host (add {\"type\": \"ipc\"} to linux.namespaces)"
    )]
    public void A_kernel_parameter_is_one_of_the_containers_namespaces(string key, string problem) =>
        Assert.Equal(
            $"linux.sysctl['{key}']: {problem}",
            Refusal.OfLinux(linux =>
                linux with
                {
                    Sysctl = new Dictionary<string, string> { [key] = "1" },
                    Namespaces = [.. linux.Namespaces.Where(ns => ns.Type != NamespaceType.Ipc)],
                }
            )
        );

    [Theory]
    [InlineData("net.ipv4.conf.eth0/1.forwarding", "net/ipv4/conf/eth0.1/forwarding")]
    [InlineData("net/ipv4/conf/eth0.1/forwarding", "net/ipv4/conf/eth0.1/forwarding")]
    [InlineData("kernel.shm_rmid_forced", "kernel/shm_rmid_forced")]
    [InlineData("fs.mqueue.msg_max", "fs/mqueue/msg_max")]
    [InlineData("kernel.domainname", "kernel/domainname")]
    public void A_kernel_parameter_is_written_as_sysctl_does(string key, string path) =>
        Assert.Equal(
            path,
            Specs
                .Validate(
                    Specs.Default.Linux(linux => linux with { Sysctl = new Dictionary<string, string> { [key] = "1" } })
                )
                .Sysctls[0]
                .Path
        );

    [Theory]
    [InlineData("etc", "'etc' is not absolute (begin it with '/')")]
    [InlineData("/", "is the root itself (use root.readonly)")]
    [InlineData("/..", "is the root itself (use root.readonly)")]
    public void Hidden_paths_are_absolute_and_not_the_root(string path, string problem)
    {
        Assert.Equal(
            $"linux.maskedPaths[1]: {problem}",
            Refusal.OfLinux(linux => linux with { MaskedPaths = ["/a", path] })
        );
        Assert.Equal(
            $"linux.readonlyPaths[0]: {problem}",
            Refusal.OfLinux(linux => linux with { ReadonlyPaths = [path] })
        );
    }

    [Fact]
    public void A_path_that_is_hidden_twice_is_hidden_once() =>
        Assert.Equal(
            ["/a/b", "/c"],
            Specs
                .Validate(Specs.Default.Linux(linux => linux with { MaskedPaths = ["/a/b", "/a//./b", "/x/../c"] }))
                .MaskedPaths.Select(path => path.ToString())
        );

    [Fact]
    public void The_roots_propagation_is_a_known_one()
    {
        Assert.Equal(
            "linux.rootfsPropagation: 'open' is unknown (use shared, slave, private or unbindable)",
            Refusal.OfLinux(linux => linux with { RootfsPropagation = "open" })
        );
        Assert.Equal(
            MountFlags.MS_SLAVE | MountFlags.MS_REC,
            Specs.Validate(Specs.Default.Linux(linux => linux with { RootfsPropagation = "rslave" })).Root.Propagation
        );
    }

    private static IEnumerable<IdMapping> Lines(uint count)
    {
        for (uint i = 0; i < count; i++)
        {
            yield return new IdMapping(i, 1000 + i, 1);
        }
    }

    private static string Namespaces(params NamespaceSpec[] namespaces) =>
        Refusal.OfLinux(linux => linux with { Namespaces = namespaces });

    private static string Mapped(IdMapping[] uids, IdMapping[] gids) => Refusal.Of(WithMappings(uids, gids));

    private static RuntimeSpec WithMappings(IdMapping[] uids, IdMapping[] gids) =>
        Specs.Default.Linux(linux =>
            linux with
            {
                Namespaces = [.. linux.Namespaces, new NamespaceSpec(NamespaceType.User)],
                UidMappings = uids,
                GidMappings = gids,
            }
        );
}
