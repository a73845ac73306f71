using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>An ordinary user's containers, with a cgroup that was delegated and without.</summary>
public abstract class OrdinaryUserClaims(Guest guest)
{
    private const string Spec = "su user -c 'tare-oci spec --rootless'";

    // As a service manager delegates: a group with controllers, and in it one for the user's own processes.
    private const string Delegate = """
        echo '+memory +pids' >/sys/fs/cgroup/cgroup.subtree_control
        echo '+memory +pids' >$groups/cgroup.subtree_control
        mkdir $groups/user $groups/user/shell
        for group in $groups/user $groups/user/shell; do
            chown user $group $group/cgroup.procs $group/cgroup.subtree_control $group/cgroup.threads
        done
        echo $$ >$groups/user/shell/cgroup.procs
        undelegate() {
            echo $$ >$groups/shell/cgroup.procs
            rmdir $groups/user/shell
            find $groups/user -type d
            rmdir $groups/user
        }
        """;

    private const string AsUser = """
        mkdir -p /run/user/1000; chown user /run/user/1000
        export XDG_RUNTIME_DIR=/run/user/1000
        as_user() { su user -c "$*"; }
        """;

    [Fact]
    public void A_container_without_limits_runs_without_a_cgroup_of_its_own_and_a_warning_says_so()
    {
        string bundle = Bundle(["sh", "-c", "id -u; cat /proc/self/uid_map; set -- /proc/[0-9]*; echo $#"]);

        ToolResult result = guest.Run($"{AsUser}\nas_user tare-oci --debug run --bundle {bundle} mine");

        Assert.Equal(["0", "         0       1000          1", "1"], result.ShouldSucceed().Lines);
        Assert.Contains("the container has no cgroup of its own", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_without_a_delegated_cgroup_is_an_error_that_says_what_to_do()
    {
        string bundle = Bundle(["true"], config => config.Limit("memory", ("limit", 64 << 20)));

        ToolResult result = guest.Run($"{AsUser}\nas_user tare-oci run --bundle {bundle} mine").ShouldExitWith(1);

        Assert.Contains("create cgroup '/sys/fs/cgroup/session/mine': EACCES", result.Errors, StringComparison.Ordinal);
        Assert.Contains("delegated to this user", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_holds_in_a_delegated_cgroup()
    {
        string bundle = Bundle(
            [
                "sh",
                "-c",
                "cat /proc/self/cgroup /sys/fs/cgroup/memory.max; exec dd if=/dev/zero of=/dev/null bs=128M count=1",
            ],
            config => config.Limit("memory", ("limit", 64 << 20))
        );

        ToolResult result = guest.Run(
            $"""
            {AsUser}
            {Delegate}
            as_user tare-oci run --bundle {bundle} mine; echo $?
            undelegate
            """
        );

        Assert.Equal(["0::/", "67108864", "137", "/sys/fs/cgroup/session/user"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_container_in_a_delegated_cgroup_can_be_paused_added_to_and_killed()
    {
        string bundle = Bundle(["sleep", "1000"], config => config.Limit("pids", ("limit", 10)));

        ToolResult result = guest.Run(
            $"""
            {AsUser}
            {Delegate}
            as_user tare-oci run --detach --bundle {bundle} mine
            as_user tare-oci pause mine && grep frozen $groups/user/mine/cgroup.events
            as_user tare-oci resume mine
            as_user tare-oci exec mine id -u
            as_user tare-oci exec --detach mine sleep 1000
            wc -l <$groups/user/mine/cgroup.procs
            as_user tare-oci delete --force mine; echo $?
            undelegate
            """
        );

        Assert.Equal(["frozen 1", "0", "2", "0", "/sys/fs/cgroup/session/user"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_controller_that_was_not_delegated_is_named_with_the_property()
    {
        string bundle = Bundle(["true"], config => config.Limit("cpu", ("quota", 20_000), ("period", 100_000)));

        ToolResult result = guest.Run(
            $"""
            {AsUser}
            {Delegate}
            echo -cpu >$groups/cgroup.subtree_control
            as_user tare-oci run --bundle {bundle} mine; echo $?
            undelegate
            """
        );

        Assert.Equal(["1", "/sys/fs/cgroup/session/user"], result.ShouldSucceed().Lines);
        Assert.Contains("linux.resources.cpu.", result.Errors, StringComparison.Ordinal);
        Assert.Contains("EACCES", result.Errors, StringComparison.Ordinal);
    }

    private string Bundle(string[] arguments, Action<JsonObject>? edit = null) => guest.Bundle(arguments, edit, Spec);
}
