using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>`tare run` and `tare doctor` on a machine with cgroup v2.</summary>
public abstract class SandboxClaims(Guest guest)
{
    [Fact]
    public void A_sandbox_has_the_limits_that_the_command_line_names()
    {
        ToolResult result = guest.Run(
            """
            tare run --memory 64M --cpus 0.5 --pids 10 -- sh -c '
                cat /proc/self/cgroup
                cd /sys/fs/cgroup && cat memory.max cpu.max pids.max'
            ls -d $groups/*/
            """
        );

        Assert.Equal(
            ["0::/", "67108864", "50000 100000", "10", "/sys/fs/cgroup/session/shell/"],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_program_that_needs_more_memory_than_its_sandbox_has_is_killed_and_tare_says_why()
    {
        ToolResult result = guest.Run("tare run --memory 64M -- dd if=/dev/zero of=/dev/null bs=128M count=1");

        Assert.Contains(
            "the memory limit of 64 MiB was reached",
            result.ShouldExitWith(137).Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Writes_go_to_a_copy_and_vanish()
    {
        ToolResult result = guest.Run(
            """
            tare run -- sh -c 'echo changed >/etc/passwd; rm /bin/true; cat /etc/passwd; ls /bin/true'
            head -c 4 /etc/passwd; echo; ls /bin/true
            """
        );

        Assert.Equal(["changed", "root", "/bin/true"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Statistics_come_from_the_cgroup()
    {
        ToolResult result = guest.Run("tare run --stats --json -- head -c 33554432 /dev/zero | tail -c 1 | wc -c");

        Assert.Contains("\"countedByCgroup\":[\"processor\",", result.ShouldSucceed().Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ordinary_user_has_a_sandbox_and_is_told_which_limits_cannot_be_had()
    {
        ToolResult result = guest.Run(
            """
            cd /tmp
            su user -c 'tare run -- id -u'
            su user -c 'tare run --memory 64M -- true'
            """
        );

        Assert.Equal(["1000"], result.ShouldExitWith(125).Lines);
        Assert.Contains("tare: --memory: this user may make no cgroup here", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_finds_nothing_missing()
    {
        JsonNode diagnosis = JsonNode.Parse(guest.Run("tare doctor --json").ShouldSucceed().Output)!;

        Assert.True((bool)diagnosis["works"]!);
        Assert.Equal(
            ["tare run", "--memory", "--cpus", "--pids"],
            diagnosis["findings"]!
                .AsArray()
                .Where(finding => (string?)finding!["group"] == "sandboxes" && (string?)finding["state"] == "ok")
                .Select(finding => (string?)finding!["name"])
        );
    }
}
