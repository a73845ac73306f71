using System.Text.Json.Nodes;
using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class UserNamespaces
{
    public static Group Group { get; } =
        new(
            "User namespaces",
            "config-linux.md: user namespace mappings",
            [
                new(
                    "O-095",
                    "a user namespace of its own is made",
                    site =>
                        Assert.NotEqual(
                            new FileInfo("/proc/self/ns/user").LinkTarget,
                            site.Started(edit: Mapped).Link("ns/user")
                        )
                ),
                new(
                    "O-101",
                    "users and groups are mapped as asked for",
                    site =>
                        Assert.Equal(
                            ["0 100000 65536", "0 200000 1000"],
                            site.Lines(
                                "cat /proc/self/uid_map /proc/self/gid_map | sed 's/^ *//; s/  */ /g'",
                                config =>
                                {
                                    Mapped(config);
                                    config.Put("linux.gidMappings", Map(0, 200000, 1000));
                                }
                            )
                        )
                ),
                new(
                    "O-101",
                    "maps of several lines are written whole",
                    site =>
                        Assert.Equal(
                            ["0 100000 1", "1 200000 10", "50 300000 5"],
                            site.Lines(
                                "sed 's/^ *//; s/  */ /g' /proc/self/uid_map",
                                config =>
                                {
                                    Mapped(config);
                                    config.Put(
                                        "linux.uidMappings",
                                        """
                                        [{"containerID":0,"hostID":100000,"size":1},
                                        {"containerID":1,"hostID":200000,"size":10},
                                        {"containerID":50,"hostID":300000,"size":5}]
                                        """
                                    );
                                }
                            )
                        )
                ),
                new(
                    "O-101",
                    "root of the container is an ordinary user of the machine",
                    site =>
                        Assert.Matches(
                            @"Uid:\s+100000\s+100000\s+100000\s+100000\n",
                            site.Started(edit: Mapped).Proc("status")
                        )
                ),
                new(
                    "O-056 O-101",
                    "the user asked for is the container's",
                    site =>
                        Assert.Matches(
                            @"Uid:\s+101000\s",
                            site.Started(edit: config =>
                                {
                                    Mapped(config);
                                    config.Put("process.user", "{\"uid\":1000,\"gid\":1000}");
                                })
                                .Proc("status")
                        )
                ),
                new(
                    "O-095",
                    "the program sees itself as root",
                    site => Assert.Equal(["0 0"], site.Lines("echo $(id -u) $(id -g)", Mapped))
                ),
                new(
                    "O-095",
                    "files of the machine's root belong to nobody there",
                    site => Assert.Equal(["65534"], site.Lines("stat -c %u /bin/busybox", Mapped))
                ),
                new(
                    "O-101",
                    "maps without a user namespace are refused",
                    site => site.Refuses(config => config.Put("linux.uidMappings", Map(0, 100000, 10)))
                ),
                new(
                    "O-101",
                    "a user that is not mapped makes create fail",
                    site =>
                        site.Refuses(config =>
                        {
                            Mapped(config);
                            config.Put("process.user", "{\"uid\":99999,\"gid\":0}");
                        })
                ),
                new(
                    "O-004",
                    "the host name is set there too",
                    site => Assert.Equal(["conformance"], site.Lines("hostname", Mapped))
                ),
                new(
                    "O-113",
                    "the default devices are there too",
                    site => site.Run("echo >/dev/null && head -c 4 /dev/urandom | wc -c", Mapped).ShouldSucceed()
                ),
                new(
                    "O-060",
                    "capabilities hold there, and not on the machine",
                    site =>
                        Assert.NotEqual(
                            0,
                            site.Run(
                                "mount -t tmpfs none /tmp && mknod /tmp/sda b 8 0",
                                config =>
                                {
                                    Mapped(config);
                                    config.Capable("CAP_SYS_ADMIN", "CAP_MKNOD");
                                }
                            ).ExitCode
                        )
                ),
                new(
                    "C-40",
                    "an added program is in it",
                    site =>
                    {
                        Container container = site.Started(edit: Mapped);
                        Assert.Equal(["0"], container.Exec("id -u").ShouldSucceed().Lines);
                    }
                ),
                new(
                    "O-034",
                    "a bind mount with maps of its own shows other owners",
                    site =>
                    {
                        File.WriteAllText(Path.Combine(site.Exchange, "file"), "");
                        Assert.Equal(
                            ["7000"],
                            site.Lines(
                                $"stat -c %u {Site.Shared}/file",
                                config =>
                                {
                                    site.Share(config);
                                    JsonNode mount = config["mounts"]!.AsArray()[^1]!;
                                    mount["uidMappings"] = JsonNode.Parse(Map(0, 7000, 10));
                                    mount["gidMappings"] = JsonNode.Parse(Map(0, 7000, 10));
                                }
                            )
                        );
                    }
                ),
            ]
        );

    private static void Mapped(JsonObject config) =>
        config
            .Namespace("user")
            .Put("linux.uidMappings", Map(0, 100000, 65536))
            .Put("linux.gidMappings", Map(0, 100000, 65536));

    private static string Map(int inside, int outside, int size) =>
        $$"""[{"containerID":{{inside}},"hostID":{{outside}},"size":{{size}}}]""";
}
