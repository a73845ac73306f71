using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class CapabilitySets
{
    private const string Show = "grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status | cut -f2 | tr '\\n' ' '";
    private const string None = "0000000000000000";

    public static Group Group { get; } =
        new(
            "Capabilities",
            "config.md: process.capabilities",
            [
                new(
                    "O-060 O-061 O-062",
                    "bounding, effective and permitted sets are exactly those asked for",
                    site =>
                        Assert.Equal($"{None} {Mask(29, 5, 10)} {Mask(29, 5, 10)} {Mask(29, 5, 10)} {None}", Sets(site))
                ),
                new(
                    "O-063",
                    "the inheritable set is empty where none is asked for",
                    site => Assert.StartsWith(None, Sets(site))
                ),
                new(
                    "O-064",
                    "an ambient set stays with a program of an ordinary user",
                    site =>
                        Assert.Equal(
                            $"{Mask(5)} {Mask(5)} {Mask(5)} {Mask(5)} {Mask(5)}",
                            Sets(
                                site,
                                """
                                {"bounding":["CAP_KILL"],"effective":["CAP_KILL"],"permitted":["CAP_KILL"],
                                "inheritable":["CAP_KILL"],"ambient":["CAP_KILL"]}
                                """,
                                1000
                            )
                        )
                ),
                new(
                    "O-061",
                    "without an ambient set a program of an ordinary user has none",
                    site =>
                        Assert.Equal(
                            $"{None} {None} {None} {Mask(5)} {None}",
                            Sets(
                                site,
                                """{"bounding":["CAP_KILL"],"effective":["CAP_KILL"],"permitted":["CAP_KILL"]}""",
                                1000
                            )
                        )
                ),
                new(
                    "O-060",
                    "empty sets are none at all, for root too",
                    site =>
                        Assert.Equal(
                            $"{None} {None} {None} {None} {None}",
                            Sets(
                                site,
                                """{"bounding":[],"effective":[],"permitted":[],"inheritable":[],"ambient":[]}"""
                            )
                        )
                ),
                new(
                    "O-060",
                    "what is not in the bounding set cannot be had by executing a program",
                    site =>
                        Assert.Equal(
                            $"{None} {Mask(5)} {Mask(5)} {Mask(5)} {None}",
                            Sets(
                                site,
                                """{"bounding":["CAP_KILL"],"effective":["CAP_KILL"],"permitted":["CAP_KILL"]}""",
                                0,
                                "false"
                            )
                        )
                ),
                new(
                    "O-061",
                    "effective capabilities beyond the permitted ones are refused",
                    site =>
                        site.Refuses(config =>
                            config.Put(
                                "process.capabilities",
                                """{"bounding":["CAP_KILL"],"effective":["CAP_KILL"],"permitted":[]}"""
                            )
                        )
                ),
                new(
                    "O-065",
                    "a capability that nobody knows is passed over",
                    site =>
                        Assert.Equal(
                            $"{None} {Mask(5)} {Mask(5)} {Mask(5)} {None}",
                            Sets(
                                site,
                                """
                                {"bounding":["CAP_KILL","CAP_NOSUCH"],"effective":["CAP_KILL"],"permitted":["CAP_KILL"]}
                                """
                            )
                        )
                ),
                new(
                    "O-060",
                    "without CAP_CHOWN the owner of a file cannot be changed",
                    site =>
                        Assert.NotEqual(
                            0,
                            site.Run(
                                "touch /mnt/file && chown 5 /mnt/file",
                                config => config.Mount("/mnt", "tmpfs", "tmpfs")
                            ).ExitCode
                        )
                ),
                new(
                    "O-060",
                    "with CAP_CHOWN the owner of a file can be changed",
                    site =>
                        site.Run(
                                "touch /mnt/file && chown 5 /mnt/file",
                                config => config.Mount("/mnt", "tmpfs", "tmpfs").Capable("CAP_CHOWN")
                            )
                            .ShouldSucceed()
                ),
            ]
        );

    /// <summary>Inheritable, permitted, effective, bounding and ambient set, as the kernel shows them.</summary>
    private static string Sets(Site site, string? sets = null, int user = 0, string noNewPrivileges = "true") =>
        site.Run(
                Show,
                config =>
                {
                    config.Put("process.user", $$"""{"uid":{{user}},"gid":{{user}}}""");
                    config.Put("process.noNewPrivileges", noNewPrivileges);
                    if (sets is not null)
                    {
                        config.Put("process.capabilities", sets);
                    }
                }
            )
            .ShouldSucceed()
            .Output.Trim();

    private static string Mask(params int[] capabilities) =>
        capabilities.Aggregate(0UL, (mask, capability) => mask | (1UL << capability)).ToString("x16");
}
