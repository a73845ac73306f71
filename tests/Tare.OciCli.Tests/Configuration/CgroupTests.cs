using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>Limits, read back from the kernel. Where the machine has cgroup v2 alone the files have other names.</summary>
public sealed class CgroupTests : IDisposable
{
    private static readonly bool IsUnified = File.Exists("/sys/fs/cgroup/cgroup.controllers");
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void Without_a_path_the_cgroups_have_the_containers_name()
    {
        OciContainer container = _runtime.Create();

        Assert.Contains($"/{container.Id}", Cgroup(container, "pids"), StringComparison.Ordinal);
        Assert.True(Directory.Exists(Folder(container, "pids")));
        Assert.Equal(
            File.ReadAllLines("/proc/self/cgroup").Length,
            File.ReadAllLines($"/proc/{container.ProcessId}/cgroup")
                .Count(line => line.Contains(container.Id, StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("/tare-test-absolute/{0}/inner")]
    [InlineData("relative/{0}")]
    public void The_cgroups_are_those_asked_for_and_what_was_made_for_them_goes_with_them(string path)
    {
        string name = $"tare-test-{Guid.NewGuid():N}";
        path = path.Replace("{0}", name, StringComparison.Ordinal)
            .Replace("tare-test-absolute", name + "-above", StringComparison.Ordinal);
        OciContainer container = _runtime.Create(edit: config => config["linux"]!["cgroupsPath"] = path);

        Assert.EndsWith(path.TrimStart('/'), Cgroup(container, "pids"), StringComparison.Ordinal);
        if (path.StartsWith('/'))
        {
            Assert.Equal(path, Cgroup(container, "pids"));
        }

        container.Do("delete", "--force").ShouldSucceed();
        Traces.ShouldBeNone(_runtime.Root, container.Id, name);
    }

    [Fact]
    public void A_group_above_that_another_container_is_in_stays_until_that_goes_too()
    {
        string above = $"tare-test-{Guid.NewGuid():N}";
        OciContainer first = _runtime.Create(edit: config => config["linux"]!["cgroupsPath"] = $"/{above}/first");
        OciContainer second = _runtime.Create(edit: config => config["linux"]!["cgroupsPath"] = $"/{above}/second");

        first.Do("delete", "--force").ShouldSucceed();
        Assert.Equal("created", second.Status);
        second.Do("delete", "--force").ShouldSucceed();

        // The first made it and could not remove it; the second did not make it.
        string[] left = Traces.Of(_runtime.Root, above);
        Tool.Run("sh", "-c", $"rmdir $(find /sys/fs/cgroup -depth -name {above})");
        Assert.All(left, line => Assert.EndsWith(above, line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_group_that_was_there_before_is_used_and_stays()
    {
        string name = $"tare-test-{Guid.NewGuid():N}";
        string folder = $"/sys/fs/cgroup/{(IsUnified ? "" : "pids/")}{name}";
        Directory.CreateDirectory(folder);
        try
        {
            OciContainer container = _runtime.Create(edit: config => config["linux"]!["cgroupsPath"] = $"/{name}");
            container.Do("delete", "--force").ShouldSucceed();

            Assert.True(Directory.Exists(folder));
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Fact]
    public void A_group_that_is_frozen_is_refused()
    {
        string name = $"tare-test-{Guid.NewGuid():N}";
        string folder = $"/sys/fs/cgroup/{(IsUnified ? "" : "freezer/")}{name}";
        Directory.CreateDirectory(folder);
        try
        {
            File.WriteAllText(folder + (IsUnified ? "/cgroup.freeze" : "/freezer.state"), IsUnified ? "1" : "FROZEN");

            Assert.Equal(
                $"tare-oci: container's cgroup '{folder}' is frozen (thaw it first)\n",
                _runtime.Run(["true"], config => config["linux"]!["cgroupsPath"] = $"/{name}").ShouldExitWith(1).Errors
            );
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/below")]
    public void A_group_with_other_peoples_processes_is_refused(string below)
    {
        string name = $"tare-test-{Guid.NewGuid():N}";
        string folder = $"/sys/fs/cgroup/{(IsUnified ? "" : "pids/")}{name}";
        Directory.CreateDirectory(folder + below);
        using RunningTool other = Tool.Start("sleep", "1000");
        File.WriteAllText($"{folder}{below}/cgroup.procs", $"{other.ProcessId}");
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["true"], config => config["linux"]!["cgroupsPath"] = $"/{name}");

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Equal(
            $"tare-oci: container's cgroup '{folder}' is not empty (choose another linux.cgroupsPath, or end its processes)\n",
            run.Errors
        );
        Assert.True(Directory.Exists($"/proc/{other.ProcessId}/fd"));
        other.Dispose();
        Tool.Run("sh", "-c", $"rmdir $(find /sys/fs/cgroup -depth -path '*{name}*' -type d)").ShouldSucceed();
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path, name);
    }

    [Fact]
    public void Limits_are_written_to_the_groups_of_version_1()
    {
        Assert.SkipWhen(IsUnified, "needs cgroup v1");
        OciContainer container = _runtime.Create(edit: SetLimits);

        Assert.Equal($"{64 << 20}", Value(container, "memory", "memory.limit_in_bytes"));
        Assert.Equal($"{32 << 20}", Value(container, "memory", "memory.soft_limit_in_bytes"));
        Assert.Equal("512", Value(container, "cpu", "cpu.shares"));
        Assert.Equal("50000", Value(container, "cpu", "cpu.cfs_quota_us"));
        Assert.Equal("200000", Value(container, "cpu", "cpu.cfs_period_us"));
        Assert.Equal("0", Value(container, "cpuset", "cpuset.cpus"));
        Assert.Equal("0", Value(container, "cpuset", "cpuset.mems"));
        Assert.Equal("20", Value(container, "pids", "pids.max"));
    }

    [Fact]
    public void Limits_of_devices_are_written_to_the_groups_of_version_1_and_of_2_beside_them()
    {
        Assert.SkipWhen(IsUnified, "needs cgroup v1");
        string device = Tool.Run("lsblk", "-dno", "MAJ:MIN").ShouldSucceed().Lines[0].Trim();
        int[] numbers = [.. device.Split(':').Select(int.Parse)];
        using HandedDown root = new("/sys/fs/cgroup/unified");
        OciContainer container = _runtime.Create(edit: config =>
            config["linux"]!["resources"] = new JsonObject
            {
                ["cpu"] = new JsonObject { ["realtimeRuntime"] = 1000, ["realtimePeriod"] = 500000 },
                ["blockIO"] = new JsonObject
                {
                    ["throttleReadBpsDevice"] = new JsonArray(Rate(numbers, 1 << 20)),
                    ["throttleWriteIOPSDevice"] = new JsonArray(Rate(numbers, 77)),
                },
                ["hugepageLimits"] = new JsonArray(new JsonObject { ["pageSize"] = "2MB", ["limit"] = 4 << 20 }),
                ["unified"] = new JsonObject { ["cgroup.max.descendants"] = "3" },
            }
        );

        Assert.Equal("1000", Value(container, "cpu", "cpu.rt_runtime_us"));
        Assert.Equal("500000", Value(container, "cpu", "cpu.rt_period_us"));
        Assert.Equal($"{device} {1 << 20}", Value(container, "blkio", "blkio.throttle.read_bps_device"));
        Assert.Equal($"{device} 77", Value(container, "blkio", "blkio.throttle.write_iops_device"));
        bool isLegacy = Directory.Exists("/sys/fs/cgroup/hugetlb");
        Assert.Equal(
            $"{4 << 20}",
            Value(container, isLegacy ? "hugetlb" : "", isLegacy ? "hugetlb.2MB.limit_in_bytes" : "hugetlb.2MB.max")
        );
        Assert.Equal("3", Value(container, "", "cgroup.max.descendants"));
        container.Do("delete", "--force").ShouldSucceed();
    }

    [Theory]
    [InlineData(
        """{"network":{"classID":1}}""",
        "linux.resources.network.classID: there is no cgroup controller 'net_cls'"
    )]
    [InlineData(
        """{"rdma":{"mlx5_1":{"hcaObjects":3}}}""",
        "linux.resources.rdma.mlx5_1: there is no cgroup controller"
    )]
    [InlineData(
        """{"unified":{"memory.high":"1M"}}""",
        "linux.resources.unified.memory.high: there is no cgroup controller"
    )]
    [InlineData("""{"unified":{"../x.y":"1"}}""", "linux.resources.unified.../x.y: is no file of a cgroup")]
    [InlineData(
        """{"hugepageLimits":[{"pageSize":"../2MB","limit":1}]}""",
        "linux.resources.hugepageLimits[0].pageSize"
    )]
    [InlineData("""{"blockIO":{"weight":5000}}""", "linux.resources.blockIO.weight")]
    public void A_limit_that_cannot_be_had_is_an_error_that_names_it(string resources, string message)
    {
        Assert.SkipWhen(IsUnified, "needs cgroup v1 without these controllers");
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config => config["linux"]!["resources"] = JsonNode.Parse(resources)
        );

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void Limits_are_written_to_the_group_of_version_2()
    {
        Assert.SkipUnless(IsUnified, "needs cgroup v2 alone");
        OciContainer container = _runtime.Create(edit: SetLimits);

        Assert.Equal($"{64 << 20}", Value(container, "memory", "memory.max"));
        Assert.Equal($"{32 << 20}", Value(container, "memory", "memory.low"));
        Assert.Equal("50000 200000", Value(container, "cpu", "cpu.max"));
        Assert.Equal("0", Value(container, "cpuset", "cpuset.cpus"));
        Assert.Equal("20", Value(container, "pids", "pids.max"));
    }

    [Fact]
    public void A_container_that_wants_more_processes_than_it_may_have_does_not_get_them()
    {
        ToolResult run = _runtime.Run(
            ["sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done; wait"],
            config => config["linux"]!["resources"]!["pids"] = new JsonObject { ["limit"] = 5 }
        );

        Assert.Contains("can't fork", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_wants_more_memory_than_it_may_have_is_killed()
    {
        ToolResult run = _runtime.Run(
            ["sh", "-c", "exec tail /dev/zero"],
            config => config["linux"]!["resources"]!["memory"] = new JsonObject { ["limit"] = 16 << 20 }
        );

        run.ShouldExitWith(137);
    }

    [Fact]
    public void A_container_runs_with_half_a_mebibyte_of_memory() =>
        Assert.Equal(
            ["enough"],
            _runtime.Lines(
                "echo enough",
                config => config["linux"]!["resources"]!["memory"] = new JsonObject { ["limit"] = 512 << 10 }
            )
        );

    [Fact]
    public void A_memory_limit_below_what_any_program_needs_is_refused_by_name()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config => config["linux"]!["resources"]!["memory"] = new JsonObject { ["limit"] = 4096 }
        );

        Assert.Equal(
            "tare-oci: linux.resources.memory.limit: 4096 bytes are less than any program needs (give at least 65536, or -1 for none)\n",
            _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1).Errors
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void A_memory_limit_that_the_program_does_not_fit_into_is_told_of()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config => config["linux"]!["resources"]!["memory"] = new JsonObject { ["limit"] = 65536 }
        );

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id);

        // How much the program's own start takes is the kernel's affair: it may just fit.
        Assert.True(run.ExitCode is 0 or 1 or 137, $"{run}");
        if (run.ExitCode == 1)
        {
            Assert.Matches("memory[ .]limit", Assert.Single(run.Errors.TrimEnd('\n').Split('\n')));
        }

        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void A_limit_that_the_kernel_refuses_is_named_and_nothing_is_left()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config => config["linux"]!["resources"]!["cpu"] = new JsonObject { ["cpus"] = "4000" }
        );

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Contains(
            "linux.resources.cpu.cpus",
            Assert.Single(run.Errors.TrimEnd('\n').Split('\n')),
            StringComparison.Ordinal
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void The_container_sees_its_own_cgroups_alone_and_cannot_change_them()
    {
        string[] lines = _runtime.Lines(
            "cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids.max; "
                + "find /sys/fs/cgroup -name pids.max | wc -l; mkdir /sys/fs/cgroup/x /sys/fs/cgroup/pids/x 2>/dev/null || echo no",
            config => config["linux"]!["resources"]!["pids"] = new JsonObject { ["limit"] = 77 }
        );

        Assert.Equal(["77", "1", "no"], lines);
    }

    [Fact]
    public void In_a_cgroup_namespace_the_containers_group_is_the_root()
    {
        string[] lines = _runtime.Lines(
            "grep -v ':/$' /proc/self/cgroup; cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids.max",
            config =>
            {
                Namespaces.Set(config, "cgroup");
                config["linux"]!["resources"]!["pids"] = new JsonObject { ["limit"] = 77 };
            }
        );

        Assert.Equal(["77"], lines);
    }

    public void Dispose() => _runtime.Dispose();

    private static void SetLimits(JsonObject config)
    {
        JsonNode resources = config["linux"]!["resources"]!;
        resources["memory"] = new JsonObject { ["limit"] = 64 << 20, ["reservation"] = 32 << 20 };
        resources["cpu"] = new JsonObject
        {
            ["shares"] = 512,
            ["quota"] = 50000,
            ["period"] = 200000,
            ["cpus"] = "0",
            ["mems"] = "0",
        };
        resources["pids"] = new JsonObject { ["limit"] = 20 };
    }

    private static string Cgroup(OciContainer container, string controller) =>
        File.ReadLines($"/proc/{container.ProcessId}/cgroup")
            .Select(line => line.Split(':', 3))
            .Single(fields => IsUnified ? fields[0] == "0" : fields[1].Split(',').Contains(controller))[2];

    private static string Folder(OciContainer container, string controller) =>
        $"/sys/fs/cgroup/{(IsUnified ? "" : controller.Length == 0 ? "unified" : controller)}{Cgroup(container, controller)}";

    private static JsonObject Rate(int[] device, long rate) =>
        new()
        {
            ["major"] = device[0],
            ["minor"] = device[1],
            ["rate"] = rate,
        };

    private static string Value(OciContainer container, string controller, string file) =>
        File.ReadAllText(Path.Combine(Folder(container, controller), file)).Trim();
}
