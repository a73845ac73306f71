using Tare.Runtime.Observation;

namespace Tare.Runtime.Tests.Observation;

public sealed class LimitMatchTests
{
    [Theory]
    [InlineData("pids.max", "30", "30\n")]
    [InlineData("pids.max", "max", "max\n")]
    [InlineData("memory.max", "67108964", "67108864\n")]
    [InlineData("memory.high", "64M", "67108864")]
    [InlineData("memory.limit_in_bytes", "-1", "9223372036854771712\n")]
    [InlineData("memory.limit_in_bytes", "9223372036854775807", "9223372036854771712")]
    [InlineData("cpu.cfs_quota_us", "-1", "-1")]
    [InlineData("cpu.shares", "1", "2")]
    [InlineData("cpu.shares", "999999", "262144")]
    [InlineData("cpuset.cpus", "0,1,2", "0-2")]
    [InlineData("hugetlb.2MB.max", "5000000", "4194304")]
    [InlineData("io.max", "8:0 rbps=1048576", "8:16 rbps=1 wbps=2\n8:0 rbps=1048576 wbps=max riops=max wiops=max")]
    [InlineData("io.weight", "200", "default 200")]
    [InlineData("blkio.throttle.read_bps_device", "8:0 4096", "8:0 4096")]
    [InlineData("memory.oom_control", "1", "oom_kill_disable 1\nunder_oom 0\noom_kill 0")]
    public void The_kernels_way_to_say_it_is_the_same(string file, string written, string observed) =>
        Assert.True(LimitMatch.Holds(file, written, observed));

    [Theory]
    [InlineData("pids.max", "30", "31")]
    [InlineData("pids.max", "30", "max")]
    [InlineData("pids.max", "max", "30")]
    [InlineData("memory.max", "67108864", "67108964")]
    [InlineData("memory.max", "67108864", "33554432")]
    [InlineData("memory.limit_in_bytes", "-1", "67108864")]
    [InlineData("cpu.max", "20000 50000", "max 50000")]
    [InlineData("cpuset.cpus", "0-1", "0")]
    [InlineData("io.max", "8:0 rbps=1048576", "8:16 rbps=1048576 wbps=max")]
    [InlineData("io.max", "8:0 rbps=1048576", "")]
    [InlineData("memory.oom_control", "1", "oom_kill_disable 0\nunder_oom 0\noom_kill 0")]
    public void Another_limit_is_another(string file, string written, string observed) =>
        Assert.False(LimitMatch.Holds(file, written, observed));
}
