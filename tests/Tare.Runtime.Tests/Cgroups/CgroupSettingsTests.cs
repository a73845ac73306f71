using Tare.Oci;
using Tare.Runtime.Cgroups;

namespace Tare.Runtime.Tests.Cgroups;

public sealed class CgroupSettingsTests
{
    private static readonly ResourcesSpec Everything = new()
    {
        Memory = new MemorySpec
        {
            Limit = 1 << 20,
            Swap = 3 << 20,
            Reservation = 1 << 19,
        },
        Cpu = new CpuSpec
        {
            Shares = 1024,
            Quota = 50_000,
            Period = 100_000,
            Cpus = "0",
            Mems = "0",
        },
        Pids = new PidsSpec(0),
    };

    [Fact]
    public void Version_1_gets_the_limits_in_an_order_that_the_kernel_accepts() =>
        Assert.Equal(
            [
                "memory.limit_in_bytes=1048576",
                "memory.memsw.limit_in_bytes=3145728",
                "memory.soft_limit_in_bytes=524288",
                "cpu.shares=1024",
                "cpu.cfs_period_us=100000",
                "cpu.cfs_quota_us=50000",
                "cpuset.cpus=0",
                "cpuset.mems=0",
                "pids.max=0",
            ],
            LegacySettings.Of(Everything).Select(Text)
        );

    private static readonly ResourcesSpec Devices = new()
    {
        HugepageLimits = [new HugepageLimitSpec("2MB", 4096)],
        BlockIo = new BlockIoSpec
        {
            Weight = 500,
            WeightDevice = [new DeviceWeightSpec(8, 0, 10, null)],
            ThrottleReadBps = [new DeviceRateSpec(8, 16, 0)],
            ThrottleWriteIops = [new DeviceRateSpec(8, 16, 30)],
        },
        Rdma = [new RdmaSpec("mlx5_1", 3, null)],
    };

    [Fact]
    public void Version_1_gets_the_limits_of_devices() =>
        Assert.Equal(
            [
                "hugetlb.2MB.rsvd.limit_in_bytes=4096",
                "hugetlb.2MB.limit_in_bytes=4096",
                "blkio.weight=500 or blkio.bfq.weight=500",
                "blkio.weight_device=8:0 10 or blkio.bfq.weight_device=8:0 10",
                "blkio.throttle.read_bps_device=8:16 0",
                "blkio.throttle.write_iops_device=8:16 30",
                "rdma.max=mlx5_1 hca_handle=3 hca_object=max",
            ],
            LegacySettings.Of(Devices).Select(Text)
        );

    [Fact]
    public void Version_2_gets_them_with_other_names_and_weights() =>
        Assert.Equal(
            [
                "hugetlb.2MB.rsvd.max=4096",
                "hugetlb.2MB.max=4096",
                "io.bfq.weight=500 or io.weight=4950",
                "io.bfq.weight=8:0 10 or io.weight=8:0 1",
                "io.max=8:16 rbps=max",
                "io.max=8:16 wiops=30",
                "rdma.max=mlx5_1 hca_handle=3 hca_object=max",
                "memory.high=1",
                "cgroup.freeze=0",
            ],
            UnifiedSettings
                .Of(
                    Devices with
                    {
                        Unified = new Dictionary<string, string> { ["memory.high"] = "1", ["cgroup.freeze"] = "0" },
                    }
                )
                .Select(Text)
        );

    [Fact]
    public void What_only_version_1_has_is_refused_by_name()
    {
        Assert.StartsWith("linux.resources.network.classID: ", Refusal(new() { Network = new() { ClassId = 1 } }));
        Assert.StartsWith(
            "linux.resources.blockIO.leafWeight: ",
            Refusal(new() { BlockIo = new() { LeafWeight = 10 } })
        );
        Assert.StartsWith(
            "linux.resources.cpu.realtimeRuntime: ",
            Refusal(new() { Cpu = new() { RealtimeRuntime = 1 } })
        );

        static string Refusal(ResourcesSpec resources) =>
            Assert.Throws<NotSupportedException>(() => UnifiedSettings.Of(resources)).Message;
    }

    [Fact]
    public void Version_2_gets_swap_alone_and_a_weight() =>
        Assert.Equal(
            [
                "memory.max=1048576",
                "memory.swap.max=2097152",
                "memory.low=524288",
                "cpu.weight=100",
                "cpu.max=50000 100000",
                "cpuset.cpus=0",
                "cpuset.mems=0",
                "pids.max=0",
            ],
            UnifiedSettings.Of(Everything).Select(Text)
        );

    [Fact]
    public void No_limit_is_written_as_such()
    {
        ResourcesSpec none = new()
        {
            Memory = new MemorySpec { Limit = -1, Swap = -1 },
            Cpu = new CpuSpec { Quota = -1 },
            Pids = new PidsSpec(-1),
        };
        Assert.Equal(
            ["memory.max=max", "memory.swap.max=max", "cpu.max=max 100000", "pids.max=max"],
            UnifiedSettings.Of(none).Select(Text)
        );
        Assert.Equal(
            ["memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=-1", "cpu.cfs_quota_us=-1", "pids.max=max"],
            LegacySettings.Of(none).Select(Text)
        );
    }

    [Fact]
    public void Swap_without_a_memory_limit_is_refused_on_version_2()
    {
        ResourcesSpec resources = new() { Memory = new MemorySpec { Swap = 1 << 20 } };
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => UnifiedSettings.Of(resources));
        Assert.Contains("linux.resources.memory.swap", e.Message);
    }

    [Fact]
    public void What_only_version_1_has_is_refused_on_version_2_by_name()
    {
        ResourcesSpec resources = new() { Memory = new MemorySpec { Swappiness = 10 } };
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => UnifiedSettings.Of(resources));
        Assert.Contains("linux.resources.memory.swappiness", e.Message);
    }

    private static string Text(CgroupSetting setting) =>
        $"{setting.File}={setting.Value}" + (setting.Otherwise is { } other ? $" or {other.File}={other.Value}" : "");

    [Fact]
    public void Memory_keys_that_only_version_1_has_are_its_files_there_and_refused_on_version_2()
    {
        MemorySpec[] memories =
        [
            new() { Kernel = 1_000_000 },
            new() { KernelTcp = 2_000_000 },
            new() { Swappiness = 30 },
            new() { DisableOomKiller = true },
        ];

        Assert.Equal(
            [
                "memory.kmem.limit_in_bytes 1000000",
                "memory.kmem.tcp.limit_in_bytes 2000000",
                "memory.swappiness 30",
                "memory.oom_control 1",
            ],
            memories
                .SelectMany(memory => LegacySettings.Of(new ResourcesSpec { Memory = memory }))
                .Select(setting => $"{setting.File} {setting.Value}")
        );
        Assert.All(
            memories,
            memory =>
                Assert.Throws<NotSupportedException>(() => UnifiedSettings.Of(new ResourcesSpec { Memory = memory }))
        );
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Groups_below_count_on_version_1_where_the_kernel_has_it_otherwise(bool hierarchy, bool optional)
    {
        CgroupSetting setting = Assert.Single(
            LegacySettings.Of(new ResourcesSpec { Memory = new MemorySpec { UseHierarchy = hierarchy } })
        );

        Assert.Equal(("memory.use_hierarchy", hierarchy ? "1" : "0"), (setting.File, setting.Value));
        Assert.Equal(optional, setting.Optional);
    }
}
