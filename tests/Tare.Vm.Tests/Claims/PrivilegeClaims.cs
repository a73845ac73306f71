using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>What only a root with all capabilities may do, and user namespaces.</summary>
public abstract class PrivilegeClaims(Guest guest)
{
    private const int FirstId = 100_000;

    [Fact]
    public void A_hard_limit_on_resources_can_be_raised()
    {
        string bundle = guest.Bundle(["sh", "-c", "ulimit -Sn; ulimit -Hn"], RaiseFileLimit);

        ToolResult result = guest.Run($"ulimit -n 64; ulimit -Hn; tare-oci run --bundle {bundle} limits");

        Assert.Equal(["64", "5000", "9000"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_hard_limit_can_be_raised_for_a_user_namespace_too()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", "ulimit -Sn; ulimit -Hn; sleep 1000"],
            config =>
            {
                config.AddUserNamespace(FirstId);
                RaiseFileLimit(config);
            }
        );

        ToolResult result = guest.Run(
            $"""
            ulimit -n 64
            mkfifo /tmp/out; exec 6<>/tmp/out; rm /tmp/out
            tare-oci run --detach --bundle {bundle} limits >&6
            read -r soft <&6; read -r hard <&6; echo $soft $hard
            tare-oci exec limits sh -c 'ulimit -Sn; ulimit -Hn'
            """
        );

        Assert.Equal(["5000 9000", "5000", "9000"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void The_kernel_can_be_told_to_spare_a_container_when_memory_is_short()
    {
        string bundle = guest.Bundle(
            ["cat", "/proc/self/oom_score_adj"],
            config => config["process"]!["oomScoreAdj"] = -500
        );

        ToolResult result = guest.Run($"cat /proc/self/oom_score_adj; tare-oci run --bundle {bundle} score");

        Assert.Equal(["0", "-500"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Root_in_a_user_namespace_is_an_ordinary_user_outside()
    {
        string bundle = Mapped([
            "sh",
            "-c",
            "id -u; cat /proc/self/uid_map; touch /tmp/file; stat -c %u /tmp/file; echo ready; sleep 1000",
        ]);

        ToolResult result = guest.Run(
            $"""
            mkfifo /tmp/out; exec 6<>/tmp/out; rm /tmp/out
            tare-oci run --detach --bundle {bundle} mapped >&6
            while read -r line <&6 && [ "$line" != ready ]; do echo $line; done
            first=$(cat $groups/mapped/cgroup.procs)
            grep Uid /proc/$first/status
            stat -c %u /proc/$first/root/tmp/file
            """
        );

        Assert.Equal(
            ["0", "0 100000 65536", "0", "Uid:\t100000\t100000\t100000\t100000", "100000"],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_container_with_a_user_namespace_has_its_own_procfs_sysfs_and_cgroup()
    {
        string bundle = Mapped([
            "sh",
            "-c",
            "set -- /proc/[0-9]*; echo $#; ls /sys/class/net; cat /sys/fs/cgroup/memory.max /proc/self/cgroup",
        ]);

        ToolResult result = guest.Run($"tare-oci run --bundle {bundle} mapped");

        Assert.Equal(["1", "lo", "67108864", "0::/"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_program_is_added_to_a_user_namespace_as_its_root()
    {
        string bundle = Mapped(["sleep", "1000"]);

        ToolResult result = guest.Run(
            $"tare-oci run --detach --bundle {bundle} mapped && tare-oci exec mapped sh -c 'id -u; cat /proc/self/uid_map'"
        );

        Assert.Equal(["0", "         0     100000      65536"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Root_in_a_user_namespace_cannot_write_what_belongs_to_the_machine_s_root()
    {
        string bundle = Mapped(["sh", "-c", "(: >/bin/planted) 2>/dev/null || echo refused"]);

        ToolResult result = guest.Run($"tare-oci run --bundle {bundle} mapped; ls /rootfs/bin/planted 2>&1");

        Assert.Equal(["refused", "ls: /rootfs/bin/planted: No such file or directory"], result.Lines);
    }

    [Fact]
    public void Containers_run_where_AppArmor_is_enabled()
    {
        string bundle = guest.Bundle(["cat", "/proc/self/attr/current"]);

        ToolResult result = guest.Run(
            $"cat /sys/module/apparmor/parameters/enabled; tare-oci run --bundle {bundle} confined"
        );

        Assert.Equal(["Y", "unconfined"], result.ShouldSucceed().Lines);
    }

    private static void RaiseFileLimit(JsonObject config) =>
        config["process"]!["rlimits"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "RLIMIT_NOFILE",
                ["soft"] = 5000,
                ["hard"] = 9000,
            }
        );

    private string Mapped(string[] arguments) =>
        guest.Bundle(
            arguments,
            config =>
            {
                config.AddUserNamespace(FirstId);
                config.AddTmpfs("/tmp");
                config["root"]!["readonly"] = false;
                config.Limit("memory", ("limit", 64 << 20));
            }
        );
}
