using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>What Tare.Processes does with groups where there is cgroup v2 alone, told by its probe.</summary>
public abstract class LibraryClaims(Guest guest)
{
    [Fact]
    public void Memory_that_is_used_up_is_told_by_the_group_and_those_above()
    {
        string[] lines = guest.Run("probe memory").ShouldSucceed().Lines;

        Assert.Equal(
            ["before=0", "signal=SIGKILL", "inner=1,1", "outer=1,0", "limit=True,0", "usage=1,True", "gone"],
            lines
        );
    }

    [Fact]
    public void A_process_that_is_refused_is_told_by_the_group() =>
        Assert.Equal(["refused=True", "usage=True"], guest.Run("probe processes").ShouldSucceed().Lines);

    [Fact]
    public void Who_is_slowed_down_for_memory_is_told_as_pressure_on_the_group() =>
        Assert.Equal(
            ["told=True,True,SIGKILL", "read=True", "high=True", "gone"],
            guest.Run("probe pressure").ShouldSucceed().Lines
        );

    [Fact]
    public void Limits_of_all_controllers_are_the_kernels_and_change_while_a_process_runs()
    {
        string[] lines = guest.Run("probe controllers").ShouldSucceed().Lines;

        Assert.Equal(
            [
                "memory.min=1048576",
                "memory.low=2097152",
                "memory.high=50331648",
                "memory.max=67108864",
                "memory.swap.max=0",
                "memory.oom.group=1",
                "cpu.max=25000 50000",
                "cpu.max.burst=10000",
                "cpu.weight=50",
                "cpu.idle=0",
                "cpuset.cpus=0-1",
                "cpuset.mems=0",
                "cpuset.cpus.partition=member",
                "pids.max=9",
                "io.weight=default 200",
                "hugetlb.2MB.max=4194304",
                "cgroup.max.depth=3",
                "cgroup.max.descendants=5",
                "processors=0,1",
                "memory.min=0",
                "memory.low=0",
                "memory.high=max",
                "memory.max=33554432",
                "memory.swap.max=max",
                "memory.oom.group=0",
                "cpu.max=max 100000",
                "cpu.max.burst=0",
                "cpu.idle=1",
                "cpuset.cpus=1",
                "cpuset.mems=0",
                "cpuset.cpus.partition=member",
                "pids.max=max",
                "io.weight=default 100",
                "hugetlb.2MB.max=0",
                "cgroup.max.depth=0",
                "cgroup.max.descendants=0",
                "processors=1",
            ],
            lines
        );
    }

    [Fact]
    public void What_groups_have_got_since_is_limited_measured_and_told()
    {
        string release = guest.Run("uname -r").Output;
        Assert.SkipWhen(release.StartsWith("6.1.", StringComparison.Ordinal), "needs Linux 6.12");

        Assert.Equal(
            [
                "memory.swap.high=8388608",
                "cpuset.cpus.exclusive=1",
                "hugetlb.2MB.rsvd.max=4194304",
                "peak=True,True,True",
                "own=True",
                "counts=True,0",
                "table=True",
            ],
            guest.Run("probe further").ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_tree_that_forks_all_the_time_is_frozen_and_killed_whole() =>
        Assert.Equal(
            ["frozen=True,True", "killed=True,0,False", "signals=SIGKILL,SIGKILL", "empty"],
            guest.Run("probe tree").ShouldSucceed().Lines
        );

    [Fact]
    public void A_group_is_killed_together_for_want_of_memory() =>
        Assert.Equal(
            ["ends=SIGKILL,SIGKILL", "counts=True,1"],
            guest.Run("probe together 2>/dev/null").ShouldSucceed().Lines
        );

    [Fact]
    public void A_user_makes_groups_in_one_that_was_given_and_cannot_change_its_limits() =>
        Assert.Equal(
            ["own=5,33554432", "in=True", "above=EACCES", "left=exit code 0,inside"],
            guest.Run("probe delegate 1000").ShouldSucceed().Lines
        );

    [Fact]
    public void Devices_are_allowed_and_denied_by_programs_of_the_group() =>
        Assert.Equal(
            ["before=null,null to read,zero to read", "after=null,null to read"],
            guest.Run("probe devices").ShouldSucceed().Lines
        );

    [Fact]
    public void Who_reads_from_a_disk_waits_until_the_limit_is_lifted()
    {
        ToolResult told = guest.Run(
            """
            truncate -s 8M /run/blank
            losetup /dev/loop7 /run/blank
            probe disk /dev/loop7
            status=$?
            losetup -d /dev/loop7
            rm /run/blank
            exit $status
            """
        );

        Assert.Equal(
            [
                "stands=True,rbps=4096 wbps=max riops=max wiops=max",
                "ends=exit code 0,rbps=max wbps=max riops=max wiops=7",
                "read=True",
            ],
            told.ShouldSucceed().Lines
        );
    }
}
