using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Updates
{
    private static readonly (
        string Options,
        string Controller,
        string V1,
        string V2,
        string Value1,
        string Value2
    )[] Options =
    [
        ("--memory=50331648", "memory", "memory.limit_in_bytes", "memory.max", "50331648", "50331648"),
        ("--memory-reservation=16777216", "memory", "memory.soft_limit_in_bytes", "memory.low", "16777216", "16777216"),
        ("--cpu-share=2048", "cpu", "cpu.shares", "cpu.weight", "2048", "79|174"),
        ("--cpu-period=100000 --cpu-quota=30000", "cpu", "cpu.cfs_quota_us", "cpu.max", "30000", "30000 100000"),
        ("--cpuset-cpus=0", "cpuset", "cpuset.cpus", "cpuset.cpus", "0", "0"),
        ("--pids-limit=33", "pids", "pids.max", "pids.max", "33", "33"),
    ];

    public static Group Group { get; } =
        new(
            "Update",
            "callers of runc",
            [
                .. Options.Select(row => new Check(
                    "C-51",
                    $"update {row.Options}",
                    site =>
                    {
                        Container container = site.Started();
                        container.DoWith("update", row.Options.Split(' ')).ShouldSucceed();
                        CgroupPlaces.Expect(
                            row.Value1,
                            row.Value2,
                            CgroupPlaces.Read(container, row.Controller, row.V1, row.V2)
                        );
                    }
                )),
                new(
                    "C-50",
                    "update --resources takes a document from standard input",
                    site =>
                    {
                        Container container = site.Started();
                        site.Do(
                                ["update", "--resources", "-", container.Id],
                                """{"pids":{"limit":44},"memory":{"limit":50331648}}"""
                            )
                            .ShouldSucceed();
                        Assert.Equal("44", CgroupPlaces.Read(container, "pids", "pids.max", "pids.max"));
                    }
                ),
                new(
                    "C-50",
                    "update leaves limits that it does not name",
                    site =>
                    {
                        Container container = site.Started(edit: config =>
                            config.Put("linux.resources.pids", """{"limit":55}""")
                        );
                        container.DoWith("update", "--memory=50331648").ShouldSucceed();
                        Assert.Equal("55", CgroupPlaces.Read(container, "pids", "pids.max", "pids.max"));
                    }
                ),
                new(
                    "C-50",
                    "update of an unknown container is refused",
                    site => Assert.NotEqual(0, site.Do("update", "--pids-limit=5", site.NewId()).ExitCode)
                ),
            ]
        );
}
