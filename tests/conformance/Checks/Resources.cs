using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Resources
{
    private static readonly (
        string Row,
        string Name,
        string Json,
        string Controller,
        string V1,
        string V2,
        string Value1,
        string Value2
    )[] Limits =
    [
        (
            "O-132",
            "memory.limit",
            """{"memory":{"limit":67108864}}""",
            "memory",
            "memory.limit_in_bytes",
            "memory.max",
            "67108864",
            "67108864"
        ),
        (
            "O-132",
            "memory.limit -1",
            """{"memory":{"limit":-1}}""",
            "memory",
            "memory.limit_in_bytes",
            "memory.max",
            "9223372036854771712",
            "max"
        ),
        (
            "O-133",
            "memory.reservation",
            """{"memory":{"reservation":33554432}}""",
            "memory",
            "memory.soft_limit_in_bytes",
            "memory.low",
            "33554432",
            "33554432"
        ),
        ("O-137", "memory.swappiness", """{"memory":{"swappiness":7}}""", "memory", "memory.swappiness", "", "7", ""),
        ("O-141", "cpu.shares", """{"cpu":{"shares":512}}""", "cpu", "cpu.shares", "cpu.weight", "512", "20|59"),
        (
            "O-142",
            "cpu.quota",
            """{"cpu":{"quota":50000,"period":200000}}""",
            "cpu",
            "cpu.cfs_quota_us",
            "cpu.max",
            "50000",
            "50000 200000"
        ),
        (
            "O-142",
            "cpu.period",
            """{"cpu":{"quota":50000,"period":200000}}""",
            "cpu",
            "cpu.cfs_period_us",
            "cpu.max",
            "200000",
            "50000 200000"
        ),
        (
            "O-143",
            "cpu.burst",
            """{"cpu":{"quota":50000,"period":200000,"burst":10000}}""",
            "cpu",
            "cpu.cfs_burst_us",
            "cpu.max.burst",
            "10000",
            "10000"
        ),
        ("O-145", "cpu.cpus", """{"cpu":{"cpus":"0"}}""", "cpuset", "cpuset.cpus", "cpuset.cpus", "0", "0"),
        ("O-145", "cpu.mems", """{"cpu":{"mems":"0"}}""", "cpuset", "cpuset.mems", "cpuset.mems", "0", "0"),
        ("O-146", "cpu.idle", """{"cpu":{"idle":1}}""", "cpu", "cpu.idle", "cpu.idle", "1", "1"),
        ("O-147", "pids.limit", """{"pids":{"limit":20}}""", "pids", "pids.max", "pids.max", "20", "20"),
        ("O-147", "pids.limit -1", """{"pids":{"limit":-1}}""", "pids", "pids.max", "pids.max", "max", "max"),
    ];

    public static Group Group { get; } =
        new(
            "Resources",
            "config-linux.md: control groups",
            [
                .. Limits.Select(limit => new Check(
                    limit.Row,
                    $"{limit.Name} is what the kernel has",
                    site =>
                    {
                        CgroupPlaces.Require(limit.V1, limit.V2);
                        Container container = site.Started(edit: config => Set(config, limit.Json));
                        CgroupPlaces.Expect(
                            limit.Value1,
                            limit.Value2,
                            CgroupPlaces.Read(container, limit.Controller, limit.V1, limit.V2)
                        );
                    }
                )),
                new(
                    "O-151",
                    "blockIO.throttleReadBpsDevice is what the kernel has",
                    site =>
                    {
                        string device = File.ReadAllText(Directory.GetDirectories("/sys/block")[0] + "/dev").Trim();
                        string[] numbers = device.Split(':');
                        Container container = site.Started(edit: config =>
                            Set(
                                config,
                                $$$"""
                                {"blockIO":{"throttleReadBpsDevice":[
                                {"major":{{{numbers[0]}}},"minor":{{{numbers[1]}}},"rate":1048576}]}}
                                """
                            )
                        );
                        Assert.StartsWith(
                            device,
                            CgroupPlaces.Read(container, "blkio", "blkio.throttle.read_bps_device", "io.max")
                        );
                    }
                ),
                new(
                    "O-147",
                    "more processes than pids.limit cannot be",
                    site =>
                        Assert.Matches(
                            "fork",
                            site.Run(
                                "i=0; while [ $i -lt 20 ]; do sleep 1000 & i=$((i+1)); done; kill -9 -1",
                                config => Set(config, """{"pids":{"limit":8}}""")
                            ).Errors
                        )
                ),
                new(
                    "O-132",
                    "a program beyond memory.limit is ended",
                    site =>
                        Assert.Equal(
                            137,
                            site.Run(
                                "exec awk 'BEGIN { s = \"0123456789abcdef\"; while (1) s = s s }'",
                                config => Set(config, """{"memory":{"limit":33554432,"swap":33554432}}""")
                            ).ExitCode
                        )
                ),
                new(
                    "O-145",
                    "a processor that there is not makes create fail",
                    site => site.Refuses(config => Set(config, """{"cpu":{"cpus":"4095"}}"""))
                ),
                new(
                    "O-156",
                    "a file of version 2 where there is version 1 alone, or a file that there is not, is refused",
                    site => site.Refuses(config => Set(config, """{"unified":{"nosuch.file":"1"}}"""))
                ),
                new(
                    "O-152",
                    "a size of huge pages that there is not is refused",
                    site =>
                        site.Refuses(config =>
                            Set(config, """{"hugepageLimits":[{"pageSize":"3MB","limit":3145728}]}""")
                        )
                ),
            ]
        );

    private static void Set(System.Text.Json.Nodes.JsonObject config, string resources) =>
        config
            .Put("linux.resources", resources)
            .Append("linux.resources.devices", """{"allow":false,"access":"rwm"}""");
}
