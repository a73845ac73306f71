using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class NamespaceKinds
{
    // The name in config.json and that of the file in /proc/PID/ns.
    private static readonly (string Row, string Type, string File)[] Kinds =
    [
        ("O-090", "pid", "pid"),
        ("O-091", "network", "net"),
        ("O-092", "mount", "mnt"),
        ("O-093", "ipc", "ipc"),
        ("O-094", "uts", "uts"),
        ("O-096", "cgroup", "cgroup"),
        ("O-097", "time", "time"),
    ];

    public static Group Group { get; } =
        new(
            "Namespaces",
            "config-linux.md: namespaces",
            [
                .. Kinds.Select(kind => new Check(
                    kind.Row,
                    $"a {kind.Type} namespace of its own is made",
                    site =>
                        Assert.NotEqual(
                            Own(kind.File),
                            site.Started(edit: config => config.Namespace(kind.Type)).Link($"ns/{kind.File}")
                        )
                )),
                .. Kinds
                    .Where(kind => kind.Type is "pid" or "network" or "ipc" or "cgroup" or "uts")
                    .Select(kind => new Check(
                        "O-099",
                        $"without a {kind.Type} namespace it is the runtime's",
                        site =>
                            Assert.Equal(
                                Own(kind.File),
                                site.Started(edit: config =>
                                        // sysfs needs the network namespace that it shows.
                                        config.Drop("hostname").WithoutNamespace(kind.Type)
                                    )
                                    .Link($"ns/{kind.File}")
                            )
                    )),
                .. Kinds
                    .Where(kind => kind.Type is "network" or "ipc" or "uts" or "pid")
                    .Select(kind => new Check(
                        "O-098",
                        $"another container's {kind.Type} namespace is joined by its path",
                        site =>
                        {
                            Container first = site.Started();
                            string path = $"/proc/{first.ProcessId}/ns/{kind.File}";
                            Container second = site.Started(edit: config =>
                                config.Drop("hostname").Namespace(kind.Type, path)
                            );
                            Assert.Equal(first.Link($"ns/{kind.File}"), second.Link($"ns/{kind.File}"));
                        }
                    )),
                new(
                    "O-098",
                    "a path to a namespace of another type is refused",
                    site => site.Refuses(config => config.Namespace("network", "/proc/1/ns/ipc"))
                ),
                new(
                    "O-098",
                    "a path that leads nowhere is refused",
                    site => site.Refuses(config => config.Namespace("network", site.Folder.At("missing")))
                ),
                new(
                    "O-100",
                    "a type that is given twice is refused",
                    site => site.Refuses(config => config.Append("linux.namespaces", "{\"type\":\"ipc\"}"))
                ),
                new(
                    "O-090",
                    "a type that there is not is refused",
                    site => site.Refuses(config => config.Namespace("nosuch"))
                ),
                new(
                    "O-091",
                    "a new network namespace has the loopback device alone",
                    site => Assert.Equal(["lo"], site.Lines("ls /sys/class/net"))
                ),
                new(
                    "O-103",
                    "a time namespace has the offsets asked for",
                    site =>
                        Assert.Equal(
                            ["boottime 1000000 0"],
                            site.Lines(
                                "echo $(grep boottime /proc/self/timens_offsets)",
                                config =>
                                    config
                                        .Namespace("time")
                                        .Put("linux.timeOffsets", "{\"boottime\":{\"secs\":1000000}}")
                            )
                        )
                ),
            ]
        );

    private static string Own(string kind) => new FileInfo($"/proc/self/ns/{kind}").LinkTarget!;
}
