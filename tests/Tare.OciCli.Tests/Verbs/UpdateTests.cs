using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class UpdateTests : IDisposable
{
    private const int Mebibyte = 1 << 20;
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void Limits_are_changed_by_options()
    {
        RequireControllers();
        OciContainer container = _runtime.Create();

        container
            .DoWith(
                "update",
                "--memory=64m",
                "--memory-reservation=32M",
                "--memory-swap",
                "100663296",
                "--cpu-period=50000",
                "--cpu-quota=25000",
                "--cpu-share=512",
                "--cpuset-cpus=0",
                "--cpuset-mems=0",
                "--pids-limit=33"
            )
            .ShouldSucceed();

        Assert.Equal(64 * Mebibyte, Number(container, "memory", "memory.limit_in_bytes"));
        Assert.Equal(32 * Mebibyte, Number(container, "memory", "memory.soft_limit_in_bytes"));
        Assert.Equal(96 * Mebibyte, Number(container, "memory", "memory.memsw.limit_in_bytes"));
        Assert.Equal(50_000, Number(container, "cpu", "cpu.cfs_period_us"));
        Assert.Equal(25_000, Number(container, "cpu", "cpu.cfs_quota_us"));
        Assert.Equal(512, Number(container, "cpu", "cpu.shares"));
        Assert.Equal("0", Value(container, "cpuset", "cpuset.cpus"));
        Assert.Equal("0", Value(container, "cpuset", "cpuset.mems"));
        Assert.Equal(33, Number(container, "pids", "pids.max"));
    }

    [Fact]
    public void Memory_of_the_kernel_s_is_limited_where_it_can_be_still()
    {
        RequireControllers();
        OciContainer container = _runtime.Create();

        container.DoWith("update", "--kernel-memory-tcp=64m").ShouldSucceed();
        ToolResult whole = container.DoWith("update", "--kernel-memory=32m");

        Assert.Equal(64 * Mebibyte, Number(container, "memory", "memory.kmem.tcp.limit_in_bytes"));

        // Linux 5.16 and newer have the file of the other, and answer ENOTSUPP, or take whatever is written for nothing.
        const string File = "memory.kmem.limit_in_bytes";
        Assert.True(
            whole.ExitCode == 0
                ? Number(container, "memory", File) is 32 * Mebibyte or > 1L << 60
                : whole.Errors.Contains(File, StringComparison.Ordinal)
        );
        Assert.Equal("created", container.Status);
    }

    [Fact]
    public void What_is_not_given_stays_as_it_is()
    {
        RequireControllers();
        OciContainer container = _runtime.Create(edit: config =>
            config["linux"]!["resources"]!["pids"] = new JsonObject { ["limit"] = 44 }
        );
        container.DoWith("update", "--memory=64m", "--cpu-quota=20000").ShouldSucceed();

        container.DoWith("update", "--cpu-period=200000").ShouldSucceed();

        Assert.Equal(64 * Mebibyte, Number(container, "memory", "memory.limit_in_bytes"));
        Assert.Equal(20_000, Number(container, "cpu", "cpu.cfs_quota_us"));
        Assert.Equal(200_000, Number(container, "cpu", "cpu.cfs_period_us"));
        Assert.Equal(44, Number(container, "pids", "pids.max"));
    }

    [Fact]
    public void Memory_and_swap_are_raised_and_lowered_whichever_must_come_first()
    {
        RequireControllers();
        OciContainer container = _runtime.Create().Start();
        foreach (int size in (int[])[64, 256, 32, 512])
        {
            container.DoWith("update", $"--memory={size}m", $"--memory-swap={size}m").ShouldSucceed();

            Assert.Equal(size * Mebibyte, Number(container, "memory", "memory.limit_in_bytes"));
            Assert.Equal(size * Mebibyte, Number(container, "memory", "memory.memsw.limit_in_bytes"));
        }

        container.DoWith("update", "--memory=-1").ShouldSucceed();

        Assert.True(Number(container, "memory", "memory.limit_in_bytes") > 1L << 60);
        Assert.True(Number(container, "memory", "memory.memsw.limit_in_bytes") > 1L << 60);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("resources.json")]
    public void Limits_are_changed_by_a_document(string file)
    {
        RequireControllers();
        OciContainer container = _runtime.Create();
        const string Document = """{"memory":{"limit":67108864},"cpu":{"shares":2048},"pids":{"limit":12}}""";
        string path = file == "-" ? file : _runtime.Folder.Write(file, Document);

        _runtime
            .Do(["update", "--resources", path, container.Id], new ToolOptions { Input = Document })
            .ShouldSucceed();

        Assert.Equal(64 * Mebibyte, Number(container, "memory", "memory.limit_in_bytes"));
        Assert.Equal(2048, Number(container, "cpu", "cpu.shares"));
        Assert.Equal(12, Number(container, "pids", "pids.max"));
    }

    [Theory]
    [InlineData("--memory=much", "invalid value \"much\" for --memory (use a number of bytes")]
    [InlineData("--memory=1x", "invalid value \"1x\" for --memory")]
    [InlineData("--cpu-share=-5", "invalid value \"-5\" for --cpu-share (use a number that is not negative)")]
    [InlineData("--pids-limit=few", "invalid value \"few\" for --pids-limit (use a number)")]
    [InlineData("--cpu-idle=7", "linux.resources.cpu.idle: 7 is neither 0 nor 1")]
    [InlineData("--memory=1k", "linux.resources.memory.limit: 1024 bytes are less than any program needs")]
    [InlineData("--l3-cache-schema=L3:0=f", " has no class of service to change (create it with linux.intelRdt)")]
    [InlineData("--mem-bw-schema=L3:0=f", "linux.intelRdt.memBwSchema: 'L3:0=f' does not begin with MB:")]
    [InlineData("--cpu-rt-runtime=-", "invalid value \"-\" for --cpu-rt-runtime (use a number)")]
    [InlineData("--cpu-rt-period=x", "invalid value \"x\" for --cpu-rt-period (use a number that is not negative)")]
    [InlineData("--blkio-weight=70000", "invalid value \"70000\" for --blkio-weight (use a number from 10 to 1000)")]
    public void What_makes_no_sense_is_refused_by_name(string option, string message)
    {
        OciContainer container = _runtime.Create();

        Assert.Contains(message, container.DoWith("update", option).ShouldExitWith(1).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1g", 1L << 30)]
    [InlineData("1.5G", 3L << 29)]
    [InlineData("512KiB", 512L << 10)]
    [InlineData("512kb", 512L << 10)]
    [InlineData("70000000", 70_000_000L)]
    [InlineData("70000000b", 70_000_000L)]
    public void Sizes_are_written_as_for_runc(string text, long bytes)
    {
        RequireControllers();
        OciContainer container = _runtime.Create();

        container.DoWith("update", "--memory", text).ShouldSucceed();

        Assert.Equal(bytes / 4096 * 4096, Number(container, "memory", "memory.limit_in_bytes"));
    }

    [Fact]
    public void The_kernels_refusal_names_value_file_and_property()
    {
        RequireControllers();
        OciContainer container = _runtime.Create();

        string errors = container.DoWith("update", "--cpuset-cpus=4000").ShouldExitWith(1).Errors;

        Assert.Contains("write '4000' to '", errors, StringComparison.Ordinal);
        Assert.Contains("/cpuset.cpus': E", errors, StringComparison.Ordinal);
        Assert.Contains(" (linux.resources.cpu.cpus", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_time_is_given_where_the_kernel_has_groups_of_it()
    {
        RequireControllers();
        OciContainer container = _runtime.Create();

        ToolResult result = container.DoWith("update", "--cpu-rt-period=500000", "--cpu-rt-runtime=0");

        if (result.ExitCode == 0)
        {
            Assert.Equal(500_000, Number(container, "cpu", "cpu.rt_period_us"));
        }
        else
        {
            Assert.EndsWith(
                "/cpu.rt_period_us': ENOENT (linux.resources.cpu.realtimePeriod: this kernel has no 'cpu.rt_period_us')\n",
                result.Errors,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void What_was_changed_before_a_refusal_is_changed_back()
    {
        RequireControllers();
        OciContainer container = _runtime.Create();
        container
            .DoWith("update", "--memory=64m", "--memory-swap=64m", "--cpu-quota=20000", "--pids-limit=7")
            .ShouldSucceed();

        container
            .DoWith(
                "update",
                "--memory=128m",
                "--memory-swap=256m",
                "--cpu-period=200000",
                "--cpu-quota=30000",
                "--cpuset-cpus=4000",
                "--pids-limit=9"
            )
            .ShouldExitWith(1);

        Assert.Equal(64 * Mebibyte, Number(container, "memory", "memory.limit_in_bytes"));
        Assert.Equal(64 * Mebibyte, Number(container, "memory", "memory.memsw.limit_in_bytes"));
        Assert.Equal(100_000, Number(container, "cpu", "cpu.cfs_period_us"));
        Assert.Equal(20_000, Number(container, "cpu", "cpu.cfs_quota_us"));
        Assert.Equal(7, Number(container, "pids", "pids.max"));
    }

    [Fact]
    public void A_container_that_has_stopped_and_one_that_is_not_there_have_no_limits()
    {
        OciContainer container = _runtime.Create().Start().Stop();

        Assert.Equal(
            "tare-oci: container not running\n",
            container.DoWith("update", "--pids-limit=5").ShouldExitWith(1).Errors
        );
        Assert.Contains(
            "container does not exist",
            _runtime.Do("update", "--pids-limit=5", "nobody").ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _runtime.Dispose();

    private static void RequireControllers() =>
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/memory"), "needs the controllers of cgroup v1");

    private static long Number(OciContainer container, string controller, string file) =>
        long.Parse(Value(container, controller, file));

    private static string Value(OciContainer container, string controller, string file)
    {
        string group = File.ReadLines($"/proc/{container.ProcessId}/cgroup")
            .Select(line => line.Split(':', 3))
            .Single(parts => parts[1].Split(',').Contains(controller))[2];
        return File.ReadAllText($"/sys/fs/cgroup/{controller}{group}/{file}").Trim();
    }
}
