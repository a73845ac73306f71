using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class MountPoints
{
    public static Group Group { get; } =
        new(
            "Mounts",
            "config.md: mounts; config-linux.md: default filesystems",
            [
                new(
                    "O-010",
                    "mounts are made in the order in which they are listed",
                    site =>
                        Assert.Equal(
                            ["inner of second"],
                            site.Lines(
                                "cat /mnt/inner/name",
                                config =>
                                    config
                                        .Mount("/mnt", "tmpfs", "tmpfs")
                                        .Bind(Named(site, "first"), "/mnt/inner")
                                        .Bind(Named(site, "inner of second"), "/mnt/inner")
                            )
                        )
                ),
                new(
                    "O-011",
                    "a destination that is not there is made",
                    site =>
                        Assert.Equal(
                            ["deep"],
                            site.Lines(
                                "cat /mnt/a/b/c/name",
                                config => config.Mount("/mnt", "tmpfs", "tmpfs").Bind(Named(site, "deep"), "/mnt/a/b/c")
                            )
                        )
                ),
                new(
                    "O-012",
                    "a relative destination begins at the root",
                    site =>
                        Assert.Equal(
                            ["relative"],
                            site.Lines("cat /tmp/name", config => config.Bind(Named(site, "relative"), "tmp"))
                        )
                ),
                new(
                    "O-013",
                    "a relative source of a bind mount begins at the bundle",
                    site =>
                    {
                        string bundle = site.NewBundle(["cat", "/tmp/name"], config => config.Bind("volume", "/tmp"));
                        Directory.CreateDirectory(Path.Combine(bundle, "volume"));
                        File.WriteAllText(Path.Combine(bundle, "volume", "name"), "of the bundle");
                        Assert.Equal(
                            ["of the bundle"],
                            site.Do("run", "--bundle", bundle, site.NewId()).ShouldSucceed().Lines
                        );
                    }
                ),
                new(
                    "O-015",
                    "whether it is a bind mount is told by the option, not by the type",
                    site =>
                        Assert.Equal(
                            ["bound"],
                            site.Lines(
                                "cat /tmp/name",
                                config => config.Mount("/tmp", "none", Named(site, "bound"), "bind")
                            )
                        )
                ),
                new(
                    "O-016",
                    "a file is bound over a file",
                    site =>
                        Assert.Equal(
                            ["a file"],
                            site.Lines(
                                "cat /etc/passwd",
                                config => config.Bind(Path.Combine(Named(site, "a file"), "name"), "/etc/passwd")
                            )
                        )
                ),
                new(
                    "O-016",
                    "rbind has what is mounted below as well, bind has not",
                    site =>
                        Assert.Equal(
                            ["no", "yes"],
                            site.Lines(
                                "for at in tmp run; do grep -q \" /$at/shm \" /proc/self/mountinfo && echo yes || echo no; done",
                                config =>
                                    config
                                        .Mount("/tmp", "bind", "/dev", "bind", "ro")
                                        .Mount("/run", "bind", "/dev", "rbind", "ro")
                            )
                        )
                ),
                new(
                    "O-013",
                    "a bind mount of what is not there is refused",
                    site => site.Refuses(config => config.Bind(site.Folder.At("missing"), "/tmp"))
                ),
                new(
                    "O-014",
                    "a file system that the kernel does not have is refused",
                    site => site.Refuses(config => config.Mount("/tmp", "nosuchfs", "none"))
                ),
                new(
                    "O-037",
                    "an option of the file system reaches it",
                    site =>
                        Assert.Equal(
                            ["drwxr-x--- 64"],
                            site.Lines(
                                "echo $(stat -c %A /tmp) $(df -k /tmp | awk 'END { print $2 }')",
                                config => config.Mount("/tmp", "tmpfs", "tmpfs", "mode=750", "size=64k")
                            )
                        )
                ),
                new(
                    "O-037",
                    "an option that nobody knows is refused",
                    site => site.Refuses(config => config.Mount("/tmp", "tmpfs", "tmpfs", "nosuchoption"))
                ),
                new(
                    "O-041",
                    "/proc, /sys, /dev/pts and /dev/shm are what the configuration lists",
                    site =>
                        Assert.Equal(
                            ["/dev tmpfs", "/dev/pts devpts", "/dev/shm tmpfs", "/proc proc", "/sys sysfs"],
                            site.Lines(
                                "awk '$2 ~ \"^/(proc|sys|dev|dev/pts|dev/shm)$\" { print $2, $3 }' /proc/mounts | sort"
                            )
                        )
                ),
                new(
                    "O-041",
                    "a message queue file system",
                    site =>
                        site.Run(
                                "grep -q '/dev/mqueue mqueue' /proc/mounts",
                                config => config.Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid")
                            )
                            .ShouldSucceed()
                ),
                new(
                    "O-040",
                    "a cgroup mount shows the container's own cgroups",
                    site =>
                        site.Run(
                                "cat $(find /sys/fs/cgroup -name cgroup.procs | head -n 20) | grep -qx 1",
                                config =>
                                    config
                                        .Namespace("cgroup")
                                        .Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "ro")
                            )
                            .ShouldSucceed()
                ),
                new("O-042", "a symlink of the image leads nowhere but within the container", ThroughLink),
                new(
                    "O-042",
                    "a destination with '..' stays within the container",
                    site =>
                        Assert.Equal(
                            ["dots"],
                            site.Lines("cat /tmp/name", config => config.Bind(Named(site, "dots"), "/var/../../../tmp"))
                        )
                ),
                new(
                    "O-033",
                    "tmpcopyup has a tmpfs begin with what was there",
                    site =>
                        Assert.Equal(
                            ["root:x:0:"],
                            site.Lines(
                                "echo more >/etc/more && cat /etc/group",
                                config => config.Mount("/etc", "tmpfs", "tmpfs", "tmpcopyup")
                            )
                        )
                ),
            ]
        );

    private static void ThroughLink(Site site)
    {
        string outside = Directory.CreateDirectory(site.Folder.At("outside")).FullName;
        string rootfs = site.NewRootfs();
        File.CreateSymbolicLink(Path.Combine(rootfs, "link"), outside);
        Directory.CreateDirectory(rootfs + outside);
        string bundle = site.NewBundle(
            ["cat", outside + "/made/name"],
            config => config.Put("root.readonly", "false").Bind(Named(site, "inside"), "/link/made"),
            rootfs
        );
        Assert.Equal(["inside"], site.Do("run", "--bundle", bundle, site.NewId()).ShouldSucceed().Lines);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    /// <summary>A directory with a file 'name' that holds a text.</summary>
    private static string Named(Site site, string text)
    {
        string folder = Directory.CreateDirectory(site.Folder.At(Guid.NewGuid().ToString("N"))).FullName;
        File.WriteAllText(Path.Combine(folder, "name"), text);
        return folder;
    }
}
