using System.Collections.Immutable;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Resources;

public sealed class FurtherLimitTests
{
    private static readonly ControlGroupLimits Both = new()
    {
        Rdma = ImmutableDictionary<string, RdmaLimit>.Empty.Add("mlx4_0", new() { Handles = 2, Objects = 2000 }),
        Scarce = ImmutableDictionary<string, long>.Empty.Add("sev", 3),
    };

    [Fact]
    public void Limits_of_version_1_are_lines_of_its_files()
    {
        List<ControlGroupSetting> settings = ControlGroupSettings.Legacy(
            Both with
            {
                NetworkClass = 0x10001,
                NetworkPriorities = ImmutableDictionary<string, int>.Empty.Add("eth0", 5),
            }
        );

        Assert.Contains(new("net_cls", "net_cls.classid", "65537", nameof(ControlGroupLimits.NetworkClass)), settings);
        Assert.Contains(
            new("net_prio", "net_prio.ifpriomap", "eth0 5", nameof(ControlGroupLimits.NetworkPriorities)),
            settings
        );
        Assert.Contains(
            new("rdma", "rdma.max", "mlx4_0 hca_handle=2 hca_object=2000", nameof(ControlGroupLimits.Rdma)),
            settings
        );
        Assert.Contains(new("misc", "misc.max", "sev 3", nameof(ControlGroupLimits.Scarce)), settings);
    }

    [Fact]
    public void Limits_of_version_2_are_lines_of_its_files()
    {
        List<ControlGroupSetting> settings = ControlGroupSettings.Unified(
            Both with
            {
                Disks = [new DiskLimit(8, 0) { Latency = TimeSpan.FromMilliseconds(10) }],
                DeviceMemory = ImmutableDictionary<string, long>.Empty.Add("drm/0/vram0", ControlGroupLimits.Unlimited),
            }
        );

        Assert.Contains(new("io", "io.latency", "8:0 target=10000", nameof(ControlGroupLimits.Disks)), settings);
        Assert.Contains(new("dmem", "dmem.max", "drm/0/vram0 max", nameof(ControlGroupLimits.DeviceMemory)), settings);
        Assert.DoesNotContain(settings, setting => setting.File == "io.max");
        Assert.Contains(settings, setting => setting.File == "rdma.max");
    }

    [Fact]
    public void What_is_swapped_reserved_shared_and_shut_off_has_its_file_in_each_version()
    {
        ControlGroupLimits both = new()
        {
            ReservedHugePages = ImmutableDictionary<string, long>.Empty.Add("2MB", 4 << 20),
            Disks = [new DiskLimit(8, 16) { Weight = 5000 }],
            CpuUtilizationMin = 100,
            CpuUtilizationMax = 1024,
        };
        ControlGroupLimits newer = both with
        {
            SwapHigh = 1 << 20,
            ZswapMax = ControlGroupLimits.Unlimited,
            ZswapWriteback = false,
            ExclusiveCpuSet = "1-2",
        };

        Assert.Equal(
            [
                ("memory", "memory.swap.high", "1048576", "SwapHigh"),
                ("memory", "memory.zswap.max", "max", "ZswapMax"),
                ("memory", "memory.zswap.writeback", "0", "ZswapWriteback"),
                ("cpuset", "cpuset.cpus.exclusive", "1-2", "ExclusiveCpuSet"),
                ("cpu", "cpu.uclamp.min", "9.77", "CpuUtilizationMin"),
                ("cpu", "cpu.uclamp.max", "100.00", "CpuUtilizationMax"),
                ("hugetlb", "hugetlb.2MB.rsvd.max", "4194304", "ReservedHugePages"),
                ("io", "io.weight", "8:16 5000", "Disks"),
            ],
            ControlGroupSettings.Unified(newer).Select(one => (one.Controller, one.File, one.Value, one.Limit))
        );
        Assert.Equal(
            [
                ("cpu", "cpu.uclamp.min", "9.77"),
                ("cpu", "cpu.uclamp.max", "100.00"),
                ("hugetlb", "hugetlb.2MB.rsvd.limit_in_bytes", "4194304"),
                ("blkio", "blkio.bfq.weight_device", "8:16 1000"),
            ],
            ControlGroupSettings.Legacy(both).Select(one => (one.Controller, one.File, one.Value))
        );
        Assert.All(
            (ControlGroupLimits[])
                [
                    new() { SwapHigh = 1 },
                    new() { ZswapMax = 0 },
                    new() { ZswapWriteback = true },
                    new() { ExclusiveCpuSet = "0" },
                ],
            limits => Assert.Throws<NotSupportedException>(() => ControlGroupSettings.Legacy(limits))
        );
    }

    [Fact]
    public void What_no_group_can_have_is_a_bad_argument() =>
        Assert.All(
            (ControlGroupLimits[])
                [
                    new() { Cpus = 1e300 },
                    new() { Cpus = 1e-9 },
                    new() { Cpus = 0.5, CpuPeriod = TimeSpan.FromMilliseconds(1) },
                    new() { Disks = default },
                    new() { Disks = [null!] },
                    new() { Disks = [new(8, 0) { ReadBytes = -1 }] },
                    new() { HugePages = null! },
                    new() { HugePages = ImmutableDictionary<string, long>.Empty.Add("2MB", -1) },
                    new() { Files = null! },
                    new() { Files = ImmutableDictionary<string, string>.Empty.Add("..", "1") },
                    new() { Files = ImmutableDictionary<string, string>.Empty.Add("memory.max", null!) },
                    new() { SwapHigh = -1 },
                    new() { ZswapMax = -1 },
                    new() { CpuUtilizationMin = -1 },
                    new() { CpuUtilizationMax = 1025 },
                    new() { CpuUtilizationMin = 2, CpuUtilizationMax = 1 },
                    new() { ExclusiveCpuSet = "all" },
                    new() { ReservedHugePages = null! },
                    new() { ReservedHugePages = ImmutableDictionary<string, long>.Empty.Add("../x", 1) },
                    new() { Disks = [new(8, 0) { Weight = 0 }] },
                    new() { Rdma = null! },
                    new() { Scarce = null! },
                ],
            bad => Assert.ThrowsAny<ArgumentException>(() => ControlGroup.Create(bad))
        );

    [Fact]
    public void Swap_is_limited_along_with_memory_in_version_1() =>
        Assert.Contains(
            "MemoryMax",
            Assert.Throws<NotSupportedException>(() => ControlGroupSettings.Legacy(new() { SwapMax = 1 })).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void What_a_version_lacks_is_refused()
    {
        Assert.Throws<NotSupportedException>(() => ControlGroupSettings.Unified(new() { NetworkClass = 1 }));
        Assert.Throws<NotSupportedException>(() =>
            ControlGroupSettings.Legacy(
                new() { DeviceMemory = ImmutableDictionary<string, long>.Empty.Add("region", 1) }
            )
        );
        Assert.Throws<ArgumentException>(() =>
            ControlGroup.Create(new() { Scarce = ImmutableDictionary<string, long>.Empty.Add("two words", 1) })
        );
    }

    [Fact]
    public void A_directory_quota_is_refused_with_its_remedy_where_there_is_none()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        string limited = directory.At("limited");
        Directory.CreateDirectory(limited);
        KernelException? refused = null;
        try
        {
            DirectoryQuota.Limit(limited, 4_000_000_000, bytes: 1 << 20);
        }
        catch (KernelException failure)
        {
            refused = failure;
        }

        Assert.SkipWhen(refused is null, "the file system of /tmp counts projects");
        Assert.True(refused!.Errno is Errno.ESRCH or Errno.ENOSYS or Errno.EOPNOTSUPP, refused.Message);
        Assert.Contains("prjquota", refused.Message, StringComparison.Ordinal);
        directory.Write("file", "x");
        Assert.Throws<ArgumentException>(() => DirectoryQuota.Limit(directory.Path, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DirectoryQuota.Limit(limited, 0));
    }
}
