using Tare.Fixtures;
using Tare.Linux;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.State;

namespace Tare.Runtime.Tests.Cgroups;

/// <summary>
/// Every write of an update fails in turn, in a directory that stands for a hierarchy: a file that is a directory cannot
/// be written to. The values are as long as those that they replace.
/// </summary>
public sealed class CgroupUpdateTests : IDisposable
{
    private static readonly (string File, string Before, string After)[] Legacy =
    [
        ("memory.limit_in_bytes", "100000000", "200000000"),
        ("memory.memsw.limit_in_bytes", "100000000", "300000000"),
        ("memory.soft_limit_in_bytes", "100000000", "150000000"),
        ("memory.swappiness", "60", "70"),
        ("cpu.shares", "1024", "2048"),
        ("cpu.cfs_period_us", "100000", "200000"),
        ("cpu.cfs_quota_us", "50000", "60000"),
        ("cpu.rt_period_us", "1000000", "2000000"),
        ("cpu.rt_runtime_us", "950000", "850000"),
        ("cpuset.cpus", "0", "1"),
        ("cpuset.mems", "0", "1"),
        ("pids.max", "10", "20"),
        ("blkio.throttle.read_bps_device", "8:0 1000", "8:0 2000"),
    ];

    private readonly TemporaryDirectory _folder = new();

    public static TheoryData<int> Writes => [.. Enumerable.Range(0, Legacy.Length)];

    [Theory]
    [MemberData(nameof(Writes))]
    public void A_write_that_fails_leaves_all_limits_as_they_were(int failing)
    {
        using ContainerCgroup cgroup = Group();
        File.Delete(At(Legacy[failing].File));
        Directory.CreateDirectory(At(Legacy[failing].File));

        Assert.Throws<KernelException>(() => Update(cgroup));

        for (int i = 0; i < Legacy.Length; i++)
        {
            Assert.True(
                i == failing || File.ReadAllText(At(Legacy[i].File)) == Legacy[i].Before + "\n",
                Legacy[i].File
            );
        }
    }

    [Fact]
    public void An_update_that_fails_nowhere_writes_everything()
    {
        using ContainerCgroup cgroup = Group();

        Update(cgroup);

        Assert.All(Legacy, setting => Assert.Equal(setting.After + "\n", File.ReadAllText(At(setting.File))));
    }

    [Theory]
    [InlineData("pids.max", "20", "max\n", "max")]
    [InlineData("cpu.max", "1 2", "max 100000\n", "max 100000")]
    [InlineData("cpuset.cpus", "0-3", "\n", "\n")]
    [InlineData("memory.oom_control", "1", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n", "0")]
    [InlineData("io.max", "8:0 rbps=5", "8:16 rbps=1 wbps=2\n8:0 rbps=7 wbps=max\n", "8:0 rbps=7 wbps=max")]
    [InlineData("io.max", "8:0 rbps=5 wiops=7", "", "8:0 rbps=max wiops=max")]
    [InlineData("io.weight", "200", "default 100\n8:0 50\n", "default 100")]
    [InlineData("io.weight", "8:0 200", "default 100\n", "8:0 default")]
    [InlineData("blkio.throttle.read_bps_device", "8:0 5", "", "8:0 0")]
    [InlineData("net_prio.ifpriomap", "lo 5", "eth0 1\nlo 2\n", "lo 2")]
    [InlineData(
        "rdma.max",
        "mlx4_0 hca_handle=2",
        "mlx4_0 hca_handle=9 hca_object=max\n",
        "mlx4_0 hca_handle=9 hca_object=max"
    )]
    public void What_undoes_a_write_is_what_the_file_said(
        string file,
        string written,
        string content,
        string earlier
    ) => Assert.Equal(earlier, EarlierValue.Of(file, written, content));

    [Theory]
    [InlineData(200_000_000, false)]
    [InlineData(199_999_999, true)]
    public void A_limit_below_what_is_in_use_is_refused_where_that_is_asked_for(long limit, bool refused)
    {
        File.WriteAllText(_folder.At("memory.current"), "200000000\n");
        File.WriteAllText(_folder.At("memory.max"), "300000000\n");
        File.WriteAllText(_folder.At("cgroup.controllers"), "memory\n");
        using ContainerCgroup cgroup = ContainerCgroup.Open([new CgroupPlace(_folder.Path, "", ".", 0)]);
        ResourcesSpec wanted = new()
        {
            Memory = new MemorySpec { Limit = limit, CheckBeforeUpdate = true },
        };
        using Rollback undo = new();

        if (!refused)
        {
            CgroupUpdate.Apply(cgroup, wanted, undo);
            undo.Commit();
            Assert.Equal($"{limit}\n", File.ReadAllText(_folder.At("memory.max")));
            return;
        }

        Assert.Contains(
            "is below the 200000000 bytes in use",
            Assert.Throws<ContainerException>(() => CgroupUpdate.Apply(cgroup, wanted, undo)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal("300000000\n", File.ReadAllText(_folder.At("memory.max")));
    }

    public void Dispose() => _folder.Dispose();

    private static void Update(ContainerCgroup cgroup)
    {
        using Rollback undo = new();
        CgroupUpdate.Apply(
            cgroup,
            new ResourcesSpec
            {
                Memory = new MemorySpec
                {
                    Limit = 200_000_000,
                    Swap = 300_000_000,
                    Reservation = 150_000_000,
                    Swappiness = 70,
                },
                Cpu = new CpuSpec
                {
                    Shares = 2048,
                    Period = 200_000,
                    Quota = 60_000,
                    RealtimePeriod = 2_000_000,
                    RealtimeRuntime = 850_000,
                    Cpus = "1",
                    Mems = "1",
                },
                Pids = new PidsSpec(20),
                BlockIo = new BlockIoSpec { ThrottleReadBps = [new DeviceRateSpec(8, 0, 2000)] },
            },
            undo
        );
        undo.Commit();
    }

    private ContainerCgroup Group()
    {
        Directory.CreateDirectory(_folder.At("group"));
        foreach ((string file, string before, string _) in Legacy)
        {
            File.WriteAllText(At(file), before + "\n");
        }

        return ContainerCgroup.Open([new CgroupPlace(_folder.Path, "memory,cpu,cpuset,pids,blkio", "group", 1)]);
    }

    private string At(string file) => _folder.At($"group/{file}");
}
