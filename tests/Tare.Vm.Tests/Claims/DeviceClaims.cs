using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>Which devices a container may use on cgroup v2: a BPF program decides.</summary>
public abstract class DeviceClaims(Guest guest)
{
    // A failed redirection would end the shell, so each has one of its own.
    private const string Try = """
        read() { (: <$1) 2>/dev/null && echo $1 can be read; }
        write() { (: >>$1) 2>/dev/null && echo $1 can be written; }
        cd /tmp
        """;

    [Fact]
    public void The_devices_that_every_container_has_can_be_used()
    {
        ToolResult result = Run(
            """
            for name in null zero full random urandom ptmx; do read /dev/$name; done
            echo gone >/dev/null
            head -c 3 /dev/urandom | wc -c
            """
        );

        Assert.Equal(
            [
                "/dev/null can be read",
                "/dev/zero can be read",
                "/dev/full can be read",
                "/dev/random can be read",
                "/dev/urandom can be read",
                "/dev/ptmx can be read",
                "3",
            ],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_device_node_that_the_container_makes_can_be_opened_only_if_it_is_one_of_those()
    {
        ToolResult result = Run(
            """
            mknod null c 1 3 && mknod memory c 1 1 && mknod log c 1 11 && mknod disk b 7 0 || exit 9
            for name in null memory log disk; do read $name; write $name; done
            : <memory
            """
        );

        Assert.Equal(["null can be read", "null can be written"], result.Lines);
        Assert.Contains("can't open memory: Operation not permitted", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_lets_exactly_its_device_and_its_access_through()
    {
        ToolResult result = Run(
            """
            mknod log c 1 11 && mknod memory c 1 1 || exit 9
            for name in log memory; do read $name; write $name; done
            exit 0
            """,
            config => config.Allow("c", 1, 11, "r")
        );

        Assert.Equal(["log can be read"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void The_rules_hold_for_programs_that_are_added()
    {
        string bundle = guest.Bundle(["sleep", "1000"], Prepare);

        ToolResult result = guest.Run(
            $"""
            tare-oci run --detach --bundle {bundle} devices
            tare-oci exec devices sh -c 'cd /tmp && mknod memory c 1 1 && cat memory'
            """
        );

        Assert.Contains(
            "can't open 'memory': Operation not permitted",
            result.ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
    }

    private static void Prepare(JsonObject config)
    {
        config.Permit("CAP_MKNOD", "CAP_SYS_RAWIO", "CAP_SYSLOG", "CAP_SYS_ADMIN");
        config.AddTmpfs("/tmp");
    }

    private ToolResult Run(string script, Action<JsonObject>? edit = null)
    {
        string bundle = guest.Bundle(
            ["sh", "-c", $"{Try}\n{script}"],
            config =>
            {
                Prepare(config);
                edit?.Invoke(config);
            }
        );
        return guest.Run($"tare-oci run --bundle {bundle} devices");
    }
}
