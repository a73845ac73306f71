using Tare.Oci;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Validation;

public sealed class MountRulesTests
{
    public static TheoryData<string, MountSpec> Wrong { get; } =
        new()
        {
            { ".destination: the path is empty (give an absolute path in the container)", Mount("") },
            { ".destination: is the root itself (use root.path)", Mount("/") },
            { ".destination: is the root itself (use root.path)", Mount("/a/..") },
            { ".destination: contains a zero byte (leave it out)", Mount("/a\0") },
            { ".type: is missing (name a file system, or add the option bind)", Mount("/a", type: null) },
            { ": type or source contains a zero byte (leave it out)", Mount("/a", type: "t\0") },
            { ": type or source contains a zero byte (leave it out)", Mount("/a", source: "t\0") },
            { ".source: is missing (a bind mount needs the path to show)", Mount("/a", null, null, "bind") },
            {
                ".options: a bind mount takes no options of a file system (remove 'size=1,x')",
                Mount("/a", null, "/b", "size=1", "bind", "x")
            },
            { ".options: an option contains a zero byte (leave it out)", Mount("/a", "tmpfs", "tmpfs", "a\0") },
            {
                ".options: those for the file system are longer than 4095 bytes, at which the kernel cuts (shorten them)",
                Mount("/a", "tmpfs", "tmpfs", new string('ö', 2048))
            },
            {
                ".options: idmap needs uidMappings and gidMappings, or a new user namespace whose maps it takes",
                Mount("/a", null, "/b", "bind", "idmap")
            },
            {
                ".options: idmap needs uidMappings and gidMappings, or a new user namespace whose maps it takes",
                Mount("/a", null, "/b", "bind", "ridmap")
            },
            {
                ".options: '0-1' maps no ids (write idmap=uids=CONTAINER-HOST-SIZE;gids=CONTAINER-HOST-SIZE, with # between several)",
                Mount("/a", null, "/b", "bind", "idmap=uids=0-1;gids=0-1-10")
            },
            {
                ".options: 'x=0-1-10' maps no ids (write idmap=uids=CONTAINER-HOST-SIZE;gids=CONTAINER-HOST-SIZE, with # between several)",
                Mount("/a", null, "/b", "bind", "idmap=x=0-1-10")
            },
            {
                ".options: '@0-1-10': 0 is no id of the container's user namespace",
                Mount("/a", null, "/b", "bind", "ridmap=uids=@0-1-10;gids=0-1-10")
            },
            {
                ": has one of uidMappings and gidMappings (give both, or none)",
                Mount("/a", null, "/b", "bind", "idmap=uids=0-1-10")
            },
            { ".options: tmpcopyup is for a tmpfs alone (leave it out)", Mount("/a", "ramfs", "ramfs", "tmpcopyup") },
            {
                ".options: tmpcopyup is for a tmpfs alone (leave it out)",
                Mount("/a", "tmpfs", "/b", "bind", "tmpcopyup")
            },
            {
                ".options: copy-symlink is for a bind mount alone (leave it out)",
                Mount("/a", "tmpfs", "/b", "copy-symlink")
            },
            {
                ".options: src-nofollow is for a bind mount alone (leave it out)",
                Mount("/a", "tmpfs", "/b", "src-nofollow")
            },
            {
                ".options: dest-nofollow is for a bind mount alone (leave it out)",
                Mount("/a", "tmpfs", "/b", "dest-nofollow", "remount")
            },
            {
                ".options: copy-symlink goes with neither src-nofollow nor dest-nofollow (leave one out)",
                Mount("/a", null, "/b", "bind", "dest-nofollow", "copy-symlink")
            },
            {
                ".options: copy-symlink goes with neither src-nofollow nor dest-nofollow (leave one out)",
                Mount("/a", null, "/b", "bind", "src-nofollow", "copy-symlink")
            },
            {
                ".options: no symlink can be made in '/proc' (leave copy-symlink out)",
                Mount("/proc/cpuinfo", null, "/b", "bind", "copy-symlink")
            },
            { ".destination: only a proc file system can be mounted on '/proc'", Mount("/proc", "tmpfs", "tmpfs") },
            { ".destination: only a proc file system can be mounted on '/proc'", Mount("/proc", "cgroup", "cgroup") },
            {
                ".destination: '/proc/self' is inside '/proc' and must not be covered (choose another place)",
                Mount("/proc/self", null, "/x", "bind")
            },
            {
                ".destination: '/proc/sys' is inside '/proc' and must not be covered (choose another place)",
                Mount("/a/../proc/./sys", "tmpfs", "tmpfs")
            },
            {
                ".destination: '/proc/cpuinfo' is inside '/proc' and must not be covered (choose another place)",
                Mount("/proc/cpuinfo", "tmpfs", "tmpfs")
            },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_mount_that_cannot_be_is_refused(string problem, MountSpec mount) =>
        Assert.Equal($"mounts[0]{problem}", Refusal.Of(Specs.Default with { Mounts = [mount] }));

    [Theory]
    [InlineData("/proc/cpuinfo")]
    [InlineData("/proc/diskstats")]
    [InlineData("/proc/meminfo")]
    [InlineData("/proc/stat")]
    [InlineData("/proc/swaps")]
    [InlineData("/proc/uptime")]
    [InlineData("/proc/loadavg")]
    [InlineData("/proc/slabinfo")]
    [InlineData("/proc/net/dev")]
    [InlineData("/proc/sys/kernel/ns_last_pid")]
    [InlineData("/proc/sys/crypto/fips_enabled")]
    public void What_container_managers_imitate_may_be_covered(string path) =>
        Assert.Equal(MountKind.Bind, Valid(Mount(path, null, "/x", "bind")).Kind);

    [Theory]
    [InlineData("none", "bind", MountKind.Bind)]
    [InlineData("none", "rbind", MountKind.Bind)]
    [InlineData("bind", "ro", MountKind.Bind)]
    [InlineData("cgroup", "ro", MountKind.Cgroup)]
    [InlineData("cgroup2", "ro", MountKind.Cgroup)]
    [InlineData("cgroup", "bind", MountKind.Bind)]
    [InlineData("tmpfs", "ro", MountKind.FileSystem)]
    [InlineData("tmpfs", "remount", MountKind.Remount)]
    [InlineData("none", "remount", MountKind.Remount)]
    public void What_a_mount_does_is_said_by_its_options_and_then_its_type(
        string type,
        string option,
        MountKind kind
    ) => Assert.Equal(kind, Valid(Mount("/a", type, "/b", option)).Kind);

    [Fact]
    public void A_bind_mounts_source_counts_from_the_bundle()
    {
        Assert.Equal("/srv/web/data", Valid(Mount("/a", null, "data", "bind")).Source);
        Assert.Equal("/srv/web/../data", Valid(Mount("/a", null, "../data/", "bind")).Source);
        Assert.Equal("/data", Valid(Mount("/a", "bind", "/data")).Source);
        Assert.Equal("/", Valid(Mount("/a", null, "/", "bind")).Source);
    }

    [Fact]
    public void A_file_system_without_a_source_has_its_types_name() =>
        Assert.Equal("tmpfs", Valid(Mount("/a", "tmpfs", null)).Source);

    [Theory]
    [InlineData("tmpfs", false)]
    [InlineData("proc", false)]
    [InlineData("mqueue", false)]
    [InlineData("ext4", true)]
    [InlineData("overlay", true)]
    [InlineData("fuse.sshfs", true)]
    [InlineData("9p", true)]
    public void What_lies_on_something_of_the_hosts_is_known_by_its_type(string type, bool isOfHost) =>
        Assert.Equal(isOfHost, Valid(Mount("/a", type, "x")).IsOfHost);

    [Fact]
    public void A_relative_destination_counts_from_the_root_and_is_told()
    {
        ValidatedSpec spec = Specs.Validate(Specs.Default with { Mounts = [Mount("a/b", "tmpfs", "tmpfs")] });

        Assert.Equal("/a/b", spec.Mounts[0].Destination.ToString());
        Assert.Equal(
            ["mounts[0].destination: 'a/b' is not absolute; '/a/b' is used"],
            spec.Warnings.Where(warning => warning.StartsWith("mounts", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("dirsync")]
    [InlineData("mand")]
    [InlineData("lazytime")]
    [InlineData("iversion")]
    [InlineData("silent")]
    public void What_has_no_effect_on_a_bind_mount_is_told(string option)
    {
        RuntimeSpec bound = Specs.Default with { Mounts = [Mount("/a", null, "/b", "bind", "ro", option)] };
        RuntimeSpec mounted = Specs.Default with { Mounts = [Mount("/a", "ext4", "/b", option)] };

        Assert.Contains($"mounts[0].options: '{option}' has no effect on a bind mount", Specs.Validate(bound).Warnings);
        Assert.DoesNotContain(
            Specs.Validate(mounted).Warnings,
            warning => warning.StartsWith("mounts", StringComparison.Ordinal)
        );
    }

    private static ValidatedMount Valid(MountSpec mount) =>
        Assert.Single(Specs.Validate(Specs.Default with { Mounts = [mount] }).Mounts);

    private static MountSpec Mount(
        string destination,
        string? type = "tmpfs",
        string? source = "tmpfs",
        params string[] options
    ) =>
        new()
        {
            Destination = destination,
            Type = type,
            Source = source,
            Options = options,
        };
}
