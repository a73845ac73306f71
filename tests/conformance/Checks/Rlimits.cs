using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Rlimits
{
    // Lower than what anybody has; raising a hard limit would need a capability.
    private static readonly (string Type, string Shown, long Soft, long Hard)[] Limits =
    [
        ("RLIMIT_AS", "Max address space", 1L << 36, 1L << 37),
        ("RLIMIT_CORE", "Max core file size", 0, 0),
        ("RLIMIT_CPU", "Max cpu time", 1000, 2000),
        ("RLIMIT_DATA", "Max data size", 1L << 36, 1L << 37),
        ("RLIMIT_FSIZE", "Max file size", 1 << 20, 1 << 21),
        ("RLIMIT_LOCKS", "Max file locks", 100, 200),
        ("RLIMIT_MEMLOCK", "Max locked memory", 4096, 8192),
        ("RLIMIT_MSGQUEUE", "Max msgqueue size", 1000, 2000),
        ("RLIMIT_NICE", "Max nice priority", 0, 0),
        ("RLIMIT_NOFILE", "Max open files", 100, 200),
        ("RLIMIT_NPROC", "Max processes", 500, 600),
        ("RLIMIT_RSS", "Max resident set", 1 << 28, 1 << 29),
        ("RLIMIT_RTPRIO", "Max realtime priority", 0, 0),
        ("RLIMIT_RTTIME", "Max realtime timeout", 1000, 2000),
        ("RLIMIT_SIGPENDING", "Max pending signals", 50, 60),
        ("RLIMIT_STACK", "Max stack size", 1 << 20, 1 << 21),
    ];

    public static Group Group { get; } =
        new(
            "Resource limits of the process",
            "config.md: process.rlimits",
            [
                .. Limits.Select(limit => new Check(
                    "O-066",
                    $"{limit.Type} is the one asked for",
                    site =>
                    {
                        string[] shown = site.Lines(
                            $"grep '^{limit.Shown} ' /proc/self/limits",
                            config =>
                                config.Put(
                                    "process.rlimits",
                                    $$"""[{"type":"{{limit.Type}}","soft":{{limit.Soft}},"hard":{{limit.Hard}}}]"""
                                )
                        );
                        Assert.StartsWith(
                            $"{limit.Soft} {limit.Hard}",
                            string.Join(
                                ' ',
                                shown[0][limit.Shown.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                            )
                        );
                    }
                )),
                new(
                    "O-067",
                    "a limit that there is not is refused",
                    site =>
                        site.Refuses(config =>
                            config.Put("process.rlimits", """[{"type":"RLIMIT_NOSUCH","soft":1,"hard":1}]""")
                        )
                ),
                new(
                    "O-068",
                    "a limit that is given twice is refused",
                    site =>
                        site.Refuses(config =>
                            config.Put(
                                "process.rlimits",
                                """[{"type":"RLIMIT_CORE","soft":0,"hard":0},{"type":"RLIMIT_CORE","soft":0,"hard":1}]"""
                            )
                        )
                ),
                new(
                    "O-066",
                    "a soft limit above the hard one is refused",
                    site =>
                        site.Refuses(config =>
                            config.Put("process.rlimits", """[{"type":"RLIMIT_NOFILE","soft":200,"hard":100}]""")
                        )
                ),
            ]
        );
}
