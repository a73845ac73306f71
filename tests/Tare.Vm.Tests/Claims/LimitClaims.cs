using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>Limits on cgroup v2.</summary>
public abstract class LimitClaims(Guest guest)
{
    private const long Mebibyte = 1 << 20;
    private const string NeedsMuch = "dd if=/dev/zero of=/dev/null bs=128M count=1";

    [Fact]
    public void The_kernel_holds_the_limits_of_devices_and_what_is_written_as_it_is()
    {
        string bundle = guest.Bundle(
            ["true"],
            config =>
            {
                JsonObject resources = config["linux"]!["resources"]!.AsObject();
                resources["hugepageLimits"] = new JsonArray(
                    new JsonObject { ["pageSize"] = "2MB", ["limit"] = 4 * Mebibyte }
                );
                resources["unified"] = new JsonObject
                {
                    ["memory.high"] = $"{48 * Mebibyte}",
                    ["cgroup.max.depth"] = "2",
                };
                config.Limit("cpu", ("burst", 5_000), ("quota", 20_000), ("period", 50_000));
            }
        );

        ToolResult held = guest.Run(
            $"""
            tare-oci create --bundle {bundle} devices
            cd $groups/devices
            for file in hugetlb.2MB.max hugetlb.2MB.rsvd.max memory.high cgroup.max.depth cpu.max.burst; do
                echo $file $(cat $file)
            done
            """
        );

        Assert.Equal(
            [
                $"hugetlb.2MB.max {4 * Mebibyte}",
                $"hugetlb.2MB.rsvd.max {4 * Mebibyte}",
                $"memory.high {48 * Mebibyte}",
                "cgroup.max.depth 2",
                "cpu.max.burst 5000",
            ],
            held.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void The_kernel_holds_exactly_the_limits_that_were_asked_for()
    {
        string bundle = guest.Bundle(
            ["true"],
            config =>
            {
                config.Limit(
                    "memory",
                    ("limit", 64 * Mebibyte),
                    ("swap", 96 * Mebibyte),
                    ("reservation", 32 * Mebibyte)
                );
                config.Limit(
                    "cpu",
                    ("shares", 512),
                    ("quota", 20_000),
                    ("period", 50_000),
                    ("cpus", "1"),
                    ("mems", "0")
                );
                config.Limit("pids", ("limit", 7));
            }
        );

        ToolResult held = guest.Run(
            $"""
            tare-oci create --bundle {bundle} limits
            cd $groups/limits
            for file in memory.max memory.swap.max memory.low cpu.weight cpu.max cpuset.cpus cpuset.mems pids.max; do
                echo $file $(cat $file)
            done
            """
        );

        Assert.Equal(
            [
                "memory.max 67108864",
                "memory.swap.max 33554432",
                "memory.low 33554432",
                "cpu.weight 59",
                "cpu.max 20000 50000",
                "cpuset.cpus 1",
                "cpuset.mems 0",
                "pids.max 7",
            ],
            held.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_program_that_needs_more_memory_than_the_limit_is_killed()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", $"{NeedsMuch}; echo killed with $?; grep -x 'oom_kill .*' /sys/fs/cgroup/memory.events"],
            config => config.Limit("memory", ("limit", 64 * Mebibyte))
        );

        ToolResult result = guest.Run($"tare-oci run --bundle {bundle} memory").ShouldSucceed();

        Assert.Equal(["killed with 137", "oom_kill 1"], result.Lines);
    }

    [Fact]
    public void A_program_that_needs_less_memory_than_the_limit_runs()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", $"{NeedsMuch} && grep -x 'oom_kill .*' /sys/fs/cgroup/memory.events"],
            config => config.Limit("memory", ("limit", 256 * Mebibyte))
        );

        Assert.Equal(["oom_kill 0"], guest.Run($"tare-oci run --bundle {bundle} memory").ShouldSucceed().Lines);
    }

    [Fact]
    public void A_container_whose_first_process_was_killed_for_memory_has_stopped_and_can_be_deleted()
    {
        string bundle = guest.Bundle(NeedsMuch.Split(' '), config => config.Limit("memory", ("limit", 64 * Mebibyte)));

        // The pipe ends with the last process that holds it, which is the container's: dd keeps its standard error only.
        ToolResult result = guest.Run(
            $"""
            tare-oci run --detach --bundle {bundle} memory 2>&1 >/dev/null | cat
            tare-oci state memory | grep -o '"status": "[a-z]*"'
            grep -x 'oom_kill .*' $groups/memory/memory.events
            tare-oci delete memory && [ ! -e $groups/memory ] && echo deleted
            """
        );

        Assert.Equal(["\"status\": \"stopped\"", "oom_kill 1", "deleted"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void The_status_of_a_run_tells_that_the_program_was_killed()
    {
        string bundle = guest.Bundle(NeedsMuch.Split(' '), config => config.Limit("memory", ("limit", 64 * Mebibyte)));

        guest.Run($"tare-oci run --bundle {bundle} memory").ShouldExitWith(137);
    }

    [Fact]
    public void A_container_with_512_KiB_of_memory_runs()
    {
        string bundle = guest.Bundle(["true"], config => config.Limit("memory", ("limit", 512 << 10)));

        guest.Run($"tare-oci run --bundle {bundle} small").ShouldSucceed();
    }

    [Fact]
    public void No_process_can_be_made_above_the_limit_of_processes()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", "sleep 1000 & sleep 1000 & echo three; sleep 1000 & echo not reached"],
            config => config.Limit("pids", ("limit", 3))
        );

        ToolResult result = guest.Run($"tare-oci run --bundle {bundle} pids");

        Assert.Equal(["three"], result.ShouldExitWith(2).Lines);
        Assert.Contains("can't fork: Resource temporarily unavailable", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_is_held_back_when_it_has_used_its_share_of_processor_time()
    {
        const string UntilHeldBack =
            "until grep -q 'nr_throttled [1-9]' /sys/fs/cgroup/cpu.stat; do :; done; echo held back";
        string bundle = guest.Bundle(
            ["sh", "-c", UntilHeldBack],
            config => config.Limit("cpu", ("quota", 20_000), ("period", 100_000))
        );

        Assert.Equal(["held back"], guest.Run($"tare-oci run --bundle {bundle} cpu").ShouldSucceed().Lines);
    }

    [Fact]
    public void A_program_runs_on_the_processors_of_its_set_only()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", "nproc; grep Cpus_allowed_list /proc/self/status"],
            config => config.Limit("cpu", ("cpus", "1"))
        );

        ToolResult result = guest.Run($"nproc; tare-oci run --bundle {bundle} cpus").ShouldSucceed();

        Assert.Equal(["2", "1", "Cpus_allowed_list:\t1"], result.Lines);
    }

    [Fact]
    public void A_program_that_is_added_has_the_limits_of_the_container()
    {
        string bundle = guest.Bundle(["sleep", "1000"], config => config.Limit("memory", ("limit", 64 * Mebibyte)));

        ToolResult result = guest.Run(
            $"""
            tare-oci run --detach --bundle {bundle} memory
            tare-oci exec memory {NeedsMuch}
            echo $?
            tare-oci state memory | grep -o '"status": "[a-z]*"'
            """
        );

        Assert.Equal(["137", "\"status\": \"running\""], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_program_that_is_added_counts_from_its_first_moment()
    {
        // A process may be moved into a full group, but not made in one: so it is made there, by CLONE_INTO_CGROUP.
        string bundle = guest.Bundle(["sleep", "1000"], config => config.Limit("pids", ("limit", 1)));

        ToolResult result = guest.Run($"tare-oci run --detach --bundle {bundle} pids && tare-oci exec pids true");

        Assert.Contains(
            "EAGAIN (a limit on processes is reached",
            result.ShouldExitWith(255).Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_only_cgroup_v1_has_is_refused_by_name_and_nothing_is_left()
    {
        string bundle = guest.Bundle(["true"], config => config.Limit("memory", ("swappiness", 10)));

        ToolResult result = guest.Run(
            $"tare-oci run --bundle {bundle} refused; status=$?; ls -d $groups/*/; ls /run/tare | sed /@/d; exit $status"
        );

        Assert.Equal(["/sys/fs/cgroup/session/shell/"], result.ShouldExitWith(1).Lines);
        Assert.Contains(
            "linux.resources.memory.swappiness: cgroup v2 has nothing like it",
            result.Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_value_that_the_kernel_refuses_is_told_with_the_property_and_nothing_is_left()
    {
        string bundle = guest.Bundle(["true"], config => config.Limit("cpu", ("cpus", "77")));

        ToolResult result = guest.Run(
            $"tare-oci run --bundle {bundle} refused; status=$?; ls -d $groups/*/; ls /run/tare | sed /@/d; exit $status"
        );

        Assert.Equal(["/sys/fs/cgroup/session/shell/"], result.ShouldExitWith(1).Lines);
        Assert.Equal(
            "tare-oci: write '77' to '/sys/fs/cgroup/session/refused/cpuset.cpus': ERANGE (linux.resources.cpu.cpus: this machine has less)\n",
            result.Errors
        );
    }
}
