using Tare.Fixtures;
using Tare.Vm.Tests.Claims;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>A machine with the hierarchies of cgroup v1 and no other.</summary>
public sealed class LegacyCgroupGuest() : Guest("cgroup-v1", "bookworm", "cgroup-v1", LibraryFiles.AddProbe);

public sealed class LegacyCgroupTests(LegacyCgroupGuest guest) : IClassFixture<LegacyCgroupGuest>
{
    private const string NeedsMuch = "dd if=/dev/zero of=/dev/null bs=128M count=1";

    [Fact]
    public void A_program_that_needs_more_memory_than_the_limit_is_killed()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", $"{NeedsMuch}; echo killed with $?; cat /sys/fs/cgroup/memory/memory.limit_in_bytes"],
            config => config.Limit("memory", ("limit", 64 << 20))
        );

        Assert.Equal(
            ["killed with 137", "67108864"],
            guest.Run($"tare-oci run --bundle {bundle} legacy").ShouldSucceed().Lines
        );
    }

    [Fact]
    public void All_processes_are_frozen_thawed_and_killed_without_cgroup_v2()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", "setsid sleep 1000 & setsid sleep 1000 & echo ready; wait"],
            config => config.RemoveNamespace("pid")
        );

        ToolResult result = guest.Run(
            $"""
            freezer=/sys/fs/cgroup/freezer
            mkfifo /tmp/out; exec 6<>/tmp/out; rm /tmp/out
            tare-oci run --detach --bundle {bundle} legacy >&6
            read -r line <&6; echo $line
            tare-oci pause legacy; cat $freezer/legacy/freezer.state
            tare-oci resume legacy; cat $freezer/legacy/freezer.state
            tare-oci ps --format json legacy | tr ',' '\n' | wc -l
            tare-oci pause legacy
            tare-oci delete --force legacy; echo $?
            find /sys/fs/cgroup/*/ -mindepth 1 -type d
            """
        );

        Assert.Equal(["ready", "FROZEN", "THAWED", "3", "0"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_paused_container_that_is_killed_ends_without_cgroup_v2()
    {
        string bundle = guest.Bundle(["sleep", "1000"]);

        ToolResult result = guest.Run(
            $"""
            tare-oci run --detach --bundle {bundle} legacy
            tare-oci pause legacy
            tare-oci kill legacy KILL
            tries=0
            until tare-oci delete legacy 2>/tmp/refusal || [ $tries = 300 ]; do tries=$((tries + 1)); done
            cat /tmp/refusal
            find /sys/fs/cgroup/*/ -mindepth 1 -type d
            """
        );

        Assert.Equal("", result.ShouldSucceed().Output);
    }

    [Fact]
    public void Systemd_is_refused_with_one_line_and_nothing_is_left()
    {
        string bundle = guest.Bundle(["true"]);

        ToolResult result = guest.Run(
            $"""
            for verb in create run; do tare-oci --systemd-cgroup $verb --bundle {bundle} legacy; echo $?; done
            find /sys/fs/cgroup/*/ -mindepth 1 -type d
            ls /run/tare | sed /@/d
            """
        );

        Assert.Equal(["1", "1"], result.ShouldSucceed().Lines);
        Assert.All(
            result.Errors.TrimEnd().Split('\n'),
            line =>
                Assert.Equal(
                    "tare-oci: --systemd-cgroup: needs cgroup v2 alone, and v1 is mounted here "
                        + "(boot with systemd.unified_cgroup_hierarchy=1, or leave the option out)",
                    line
                )
        );
    }

    [Fact]
    public void Devices_are_denied_by_their_controller()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", "cd /tmp; mknod null c 1 3; mknod memory c 1 1; cat null && cat memory"],
            config =>
            {
                config.Permit("CAP_MKNOD", "CAP_SYS_RAWIO");
                config.AddTmpfs("/tmp");
            }
        );

        ToolResult result = guest.Run($"tare-oci run --bundle {bundle} legacy").ShouldExitWith(1);

        Assert.Equal("cat: can't open 'memory': Operation not permitted\n", result.Errors);
    }

    [Fact]
    public void A_program_that_is_added_is_in_every_group_of_the_container()
    {
        string bundle = guest.Bundle(["sleep", "1000"]);

        ToolResult result = guest.Run(
            $"tare-oci run --detach --bundle {bundle} legacy && tare-oci exec legacy cat /proc/self/cgroup"
        );

        Assert.All(result.ShouldSucceed().Lines, line => Assert.EndsWith(":/legacy", line, StringComparison.Ordinal));
        Assert.Equal(6, result.Lines.Length);
    }

    [Fact]
    public void Each_limit_of_the_librarys_sandboxes_ends_a_program_as_it_says()
    {
        ToolResult result = guest.Run("probe limits Container; find /sys/fs/cgroup/*/ -mindepth 1 -type d");

        Assert.Equal(LibrarySandboxClaims.LimitEnds, result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_sandbox_has_its_limits()
    {
        ToolResult result = guest.Run("tare run --memory 64M -- dd if=/dev/zero of=/dev/null bs=128M count=1");

        Assert.Contains(
            "the memory limit of 64 MiB was reached",
            result.ShouldExitWith(137).Errors,
            StringComparison.Ordinal
        );
    }
}
