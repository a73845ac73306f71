using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Devices
{
    private static readonly (string Name, string Numbers)[] Defaults =
    [
        ("null", "1:3"),
        ("zero", "1:5"),
        ("full", "1:7"),
        ("random", "1:8"),
        ("urandom", "1:9"),
        ("tty", "5:0"),
    ];

    private static readonly (string Name, string Target)[] Links =
    [
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
    ];

    public static Group Group { get; } =
        new(
            "Devices",
            "config-linux.md: devices, default devices; runtime-linux.md: /dev symbolic links",
            [
                .. Defaults.Select(device => new Check(
                    "O-113",
                    $"/dev/{device.Name} is there for everybody",
                    site =>
                        Assert.Equal(
                            [$"character special file {device.Numbers} 666"],
                            site.Lines($"stat -c '%F %t:%T %a' /dev/{device.Name}")
                        )
                )),
                .. Links.Select(link => new Check(
                    "O-116",
                    $"/dev/{link.Name} leads to {link.Target}",
                    site => Assert.Equal([link.Target], site.Lines($"readlink /dev/{link.Name}"))
                )),
                new(
                    "O-115",
                    "/dev/ptmx is that of the container's devpts",
                    site =>
                        site.Run("test $(stat -L -c %d:%i /dev/ptmx) = $(stat -c %d:%i /dev/pts/ptmx)").ShouldSucceed()
                ),
                new(
                    "O-113",
                    "the default devices do what they are for",
                    site =>
                        Assert.Equal(
                            ["0", "5", "5"],
                            site.Lines(
                                "cat /dev/null | wc -c; head -c 5 /dev/zero | wc -c; head -c 5 /dev/urandom | wc -c"
                            )
                        )
                ),
                new(
                    "O-110 O-111",
                    "a character device has the numbers, mode and owners asked for",
                    site =>
                        Assert.Equal(
                            ["character special file 1:3 640 5 6"],
                            site.Lines(
                                "stat -c '%F %t:%T %a %u %g' /dev/asked",
                                config =>
                                    config.Append(
                                        "linux.devices",
                                        """{"path":"/dev/asked","type":"c","major":1,"minor":3,"fileMode":416,"uid":5,"gid":6}"""
                                    )
                            )
                        )
                ),
                new(
                    "O-110",
                    "a block device",
                    site =>
                        Assert.Equal(
                            ["block special file 7:a"],
                            site.Lines(
                                "stat -c '%F %t:%T' /dev/loop10",
                                config =>
                                    config.Append(
                                        "linux.devices",
                                        """{"path":"/dev/loop10","type":"b","major":7,"minor":10}"""
                                    )
                            )
                        )
                ),
                new(
                    "O-110",
                    "a FIFO",
                    site =>
                        Assert.Equal(
                            ["fifo"],
                            site.Lines(
                                "stat -c %F /dev/pipe",
                                config => config.Append("linux.devices", """{"path":"/dev/pipe","type":"p"}""")
                            )
                        )
                ),
                new(
                    "O-111",
                    "a device in a directory that is not there",
                    site =>
                        site.Run(
                                "test -c /dev/a/b/null",
                                config =>
                                    config.Append(
                                        "linux.devices",
                                        """{"path":"/dev/a/b/null","type":"c","major":1,"minor":3}"""
                                    )
                            )
                            .ShouldSucceed()
                ),
                new(
                    "O-110",
                    "a type of device that there is not is refused",
                    site =>
                        site.Refuses(config =>
                            config.Append("linux.devices", """{"path":"/dev/x","type":"z","major":1,"minor":3}""")
                        )
                ),
                new(
                    "O-130",
                    "a device that is not allowed cannot be opened",
                    site => Assert.NotEqual(0, site.Run("head -c 1 /dev/kmsg2 >/dev/null", Kmsg).ExitCode)
                ),
                new(
                    "O-130",
                    "a device that is allowed can be opened",
                    site =>
                        site.Run(
                                ": </dev/kmsg2",
                                config =>
                                {
                                    Kmsg(config);
                                    config.Append(
                                        "linux.resources.devices",
                                        """{"allow":true,"type":"c","major":1,"minor":11,"access":"r"}"""
                                    );
                                }
                            )
                            .ShouldSucceed()
                ),
                new(
                    "O-130",
                    "a later rule has the last word",
                    site =>
                        Assert.NotEqual(
                            0,
                            site.Run(
                                ": </dev/kmsg2",
                                config =>
                                {
                                    Kmsg(config);
                                    config
                                        .Append(
                                            "linux.resources.devices",
                                            """{"allow":true,"type":"c","major":1,"minor":11,"access":"rwm"}"""
                                        )
                                        .Append(
                                            "linux.resources.devices",
                                            """{"allow":false,"type":"c","major":1,"minor":11,"access":"rwm"}"""
                                        );
                                }
                            ).ExitCode
                        )
                ),
            ]
        );

    private static void Kmsg(System.Text.Json.Nodes.JsonObject config) =>
        config
            .Capable("CAP_SYSLOG", "CAP_SYS_ADMIN")
            .Append("linux.devices", """{"path":"/dev/kmsg2","type":"c","major":1,"minor":11,"fileMode":438}""");
}
