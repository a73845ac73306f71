using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Roots
{
    public static Group Group { get; } =
        new(
            "Root and host name",
            "config.md: root, hostname, domainname",
            [
                new(
                    "O-002",
                    "root.path may be relative to the bundle",
                    site =>
                    {
                        string bundle = site.NewBundle(["cat", "/mark"], config => config.PutText("root.path", "root"));
                        string rootfs = Tare.Fixtures.BusyboxRootfs.Create(Path.Combine(bundle, "root"));
                        File.WriteAllText(Path.Combine(rootfs, "mark"), "of the root");
                        Assert.Equal(
                            ["of the root"],
                            site.Do("run", "--bundle", bundle, site.NewId()).ShouldSucceed().Lines
                        );
                    }
                ),
                new(
                    "O-002",
                    "a root that is not there is refused",
                    site => site.Refuses(config => config.PutText("root.path", site.Folder.At("missing")))
                ),
                new(
                    "O-003",
                    "with root.readonly nothing can be written",
                    site =>
                    {
                        Assert.NotEqual(0, site.Run("echo >/file").ExitCode);
                        Assert.Contains(
                            "ro",
                            site.Lines("grep ' / / ' /proc/self/mountinfo || grep ' / ' /proc/self/mountinfo")[0]
                                .Split(' ')[5]
                                .Split(',')
                        );
                    }
                ),
                new(
                    "O-003",
                    "without root.readonly the root can be written",
                    site =>
                    {
                        string rootfs = site.NewRootfs();
                        string bundle = site.NewBundle(
                            ["sh", "-c", "echo written >/file"],
                            config => config.Put("root.readonly", "false"),
                            rootfs
                        );
                        site.Do("run", "--bundle", bundle, site.NewId()).ShouldSucceed();
                        Assert.Equal("written\n", File.ReadAllText(Path.Combine(rootfs, "file")));
                    }
                ),
                new(
                    "O-002",
                    "nothing of the machine's root is to be seen",
                    site =>
                        Assert.Equal(
                            Directory
                                .EnumerateFileSystemEntries(SharedRootfs.Path)
                                .Select(Path.GetFileName)
                                .Order(StringComparer.Ordinal),
                            site.Lines("ls -A /").Order(StringComparer.Ordinal)
                        )
                ),
                new(
                    "O-004",
                    "the host name is the one asked for",
                    site => Assert.Equal(["conformance"], site.Lines("hostname"))
                ),
                new(
                    "O-004",
                    "a host name without a UTS namespace is refused",
                    site => site.Refuses(config => config.WithoutNamespace("uts"))
                ),
                new(
                    "O-005",
                    "the domain name is the one asked for",
                    site =>
                        Assert.Equal(
                            ["example.org"],
                            site.Lines(
                                "cat /proc/sys/kernel/domainname",
                                config => config.PutText("domainname", "example.org")
                            )
                        )
                ),
                new(
                    "C-14",
                    "--no-pivot has the same root",
                    site =>
                        Assert.Equal(
                            ["conformance"],
                            site.Do(
                                    "run",
                                    "--no-pivot",
                                    "--bundle",
                                    site.NewBundle(["sh", "-c", "test -x /bin/busybox && hostname"]),
                                    site.NewId()
                                )
                                .ShouldSucceed()
                                .Lines
                        )
                ),
            ]
        );
}
