using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>Freezing, killing, listing and removing by cgroup v2.</summary>
public abstract class LifeCycleClaims(Guest guest)
{
    private const int FirstId = 100_000;
    private const string Status = """tare-oci state life | grep -o '"status": "[a-z]*"'""";

    // Answers what it is told; the script speaks to it through two FIFOs.
    private const string Answering = "echo ready; while read line; do echo answer $line; done";

    private const string Start = """
        mkfifo /tmp/in /tmp/out
        exec 5<>/tmp/in 6<>/tmp/out
        rm /tmp/in /tmp/out
        tare-oci run --detach --bundle BUNDLE life <&5 >&6
        read -r line <&6; echo $line
        """;

    [Fact]
    public void The_specification_s_life_cycle_leaves_nothing()
    {
        string bundle = guest.Bundle(["sh", "-c", "echo it ran"]);

        ToolResult result = guest.Run(
            $"""
            state() {Braced(
                "find /sys/fs/cgroup -type d | sort; cut -d' ' -f 5 /proc/self/mountinfo; ls /run/tare | sed /@/d"
            )}
            tare-oci run --bundle {bundle} first
            state >/tmp/before
            (
                tare-oci create --bundle {bundle} life && {Status}
                tare-oci start life
            ) | cat
            {Status}
            tare-oci list --quiet
            tare-oci delete life
            state | diff /tmp/before - && echo nothing left
            """
        );

        Assert.Equal(
            ["it ran", "\"status\": \"created\"", "it ran", "\"status\": \"stopped\"", "life", "nothing left"],
            result.ShouldSucceed().Lines
        );
    }

    // Before Linux 6.3 no execve enters a time namespace.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_new_time_namespace_is_the_first_program_s_and_that_of_those_that_are_added(bool inUserNamespace)
    {
        string bundle = guest.Bundle(
            ["sh", "-c", "readlink /proc/self/ns/time; cut -d. -f1 /proc/uptime; id -u; exec sleep 1000"],
            config =>
            {
                if (inUserNamespace)
                {
                    config.AddUserNamespace(FirstId);
                }

                config["linux"]!["namespaces"]!.AsArray().Add((JsonNode)new JsonObject { ["type"] = "time" });
                config["linux"]!["timeOffsets"] = new JsonObject
                {
                    ["boottime"] = new JsonObject { ["secs"] = 1_000_000 },
                };
            }
        );

        string[] lines = guest
            .Run(
                $"""
                mkfifo /tmp/out; exec 6<>/tmp/out; rm /tmp/out
                readlink /proc/self/ns/time
                tare-oci run --detach --bundle {bundle} times >&6
                for i in 1 2 3; do read -r line <&6; echo $line; done
                tare-oci exec times readlink /proc/self/ns/time
                """
            )
            .ShouldSucceed()
            .Lines;

        Assert.NotEqual(lines[0], lines[1]);
        Assert.True(int.Parse(lines[2], CultureInfo.InvariantCulture) >= 1_000_000, lines[2]);
        Assert.Equal(["0", lines[1]], lines[3..]);
    }

    [Fact]
    public void A_paused_container_stands_still_and_answers_when_it_is_resumed()
    {
        ToolResult result = guest.Run(
            $"""
            {StartAnswering()}
            tare-oci pause life && {Status}
            cat $groups/life/cgroup.freeze; grep frozen $groups/life/cgroup.events
            echo one >&5
            read -r -t 1 line <&6 || echo no answer
            tare-oci resume life && {Status}
            grep frozen $groups/life/cgroup.events
            read -r line <&6; echo $line
            """
        );

        Assert.Equal(
            [
                "ready",
                "\"status\": \"paused\"",
                "1",
                "frozen 1",
                "no answer",
                "\"status\": \"running\"",
                "frozen 0",
                "answer one",
            ],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void No_program_is_added_to_a_paused_container_unless_it_is_asked_for()
    {
        ToolResult result = guest.Run(
            $"""
            {StartAnswering()}
            tare-oci pause life
            tare-oci exec life true; echo $?
            tare-oci exec --ignore-paused --detach life sleep 1000 &
            tare-oci resume life
            wait $!; echo $?
            wc -l <$groups/life/cgroup.procs
            """
        );

        Assert.Equal(["ready", "255", "0", "2"], result.ShouldSucceed().Lines);
        Assert.Contains("cannot exec in a paused container", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_container_can_be_deleted_by_force()
    {
        ToolResult result = guest.Run(
            $"""
            {StartAnswering()}
            tare-oci pause life
            tare-oci delete life; echo $?
            tare-oci delete --force life; echo $?
            ls -d $groups/*/; ls /run/tare | sed /@/d
            """
        );

        Assert.Equal(["ready", "1", "0", "/sys/fs/cgroup/session/shell/"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Ps_lists_the_container_s_processes_and_no_other()
    {
        ToolResult result = guest.Run(
            $"""
            {StartAnswering()}
            tare-oci exec --detach life sleep 1000
            tare-oci ps life -o args
            tare-oci ps --format json life | tr -d '[]' | tr ',' '\n' >/tmp/listed
            diff /tmp/listed $groups/life/cgroup.procs && echo the kernel lists the same
            """.Replace("-o args", "-o pid,args | sed 's/^ *[0-9]* *//'", StringComparison.Ordinal)
        );

        Assert.Equal(
            ["ready", "PID   COMMAND", $"sh -c {Answering}", "sleep 1000", "the kernel lists the same"],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void Kill_all_ends_every_process_of_a_container_that_shares_the_machine_s_pid_namespace()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", "setsid sleep 1000 & setsid sleep 1000 & echo ready; wait"],
            config => config.RemoveNamespace("pid")
        );

        ToolResult result = guest.Run(
            $"""
            {Start.Replace("BUNDLE", bundle, StringComparison.Ordinal)}
            wc -l <$groups/life/cgroup.procs
            tare-oci kill --all life KILL
            cat $groups/life/cgroup.procs; grep populated $groups/life/cgroup.events
            {Status}
            tare-oci delete life; ls -d $groups/*/
            """
        );

        Assert.Equal(
            ["ready", "3", "populated 0", "\"status\": \"stopped\"", "/sys/fs/cgroup/session/shell/"],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_container_that_makes_processes_without_end_is_ended_all_the_same()
    {
        // Each process makes the next one and ends, so that none is there any more when it has been listed.
        const string Chains = "chain() { chain & exit; }; (chain) & (chain) & (chain) & echo ready; sleep 1000";
        string bundle = guest.Bundle(["sh", "-c", Chains], config => config.RemoveNamespace("pid"));

        ToolResult result = guest.Run(
            $"""
            {Start.Replace("BUNDLE", bundle, StringComparison.Ordinal)}
            tare-oci delete --force life; echo $?
            ls -d $groups/*/; ls /run/tare | sed /@/d
            """
        );

        Assert.Equal(["ready", "0", "/sys/fs/cgroup/session/shell/"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Groups_that_the_container_has_made_below_its_own_go_with_it()
    {
        const string Nest = """
            mkdir -p /sys/fs/cgroup/a/b
            sleep 1000 & echo $! >/sys/fs/cgroup/a/b/cgroup.procs
            cat /proc/$!/cgroup
            """;
        string bundle = guest.Bundle(
            ["sh", "-c", Nest],
            config => config.SetMountOptions("/sys/fs/cgroup", "rw", "nosuid", "noexec", "nodev")
        );

        ToolResult result = guest.Run($"tare-oci run --bundle {bundle} nested; ls -d $groups/*/");

        Assert.Equal(["0::/a/b", "/sys/fs/cgroup/session/shell/"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_group_with_processes_in_it_cannot_become_a_container_s()
    {
        string bundle = guest.Bundle(["true"], config => config["linux"]!["cgroupsPath"] = "/session/shell");

        ToolResult result = guest.Run($"tare-oci run --bundle {bundle} guest");

        Assert.Equal(
            "tare-oci: container's cgroup '/sys/fs/cgroup/session/shell' is not empty "
                + "(choose another linux.cgroupsPath, or end its processes)\n",
            result.ShouldExitWith(1).Errors
        );
    }

    private static string Braced(string body) => $"{{ {body}; }}";

    private string StartAnswering() =>
        Start.Replace("BUNDLE", guest.Bundle(["sh", "-c", Answering]), StringComparison.Ordinal);
}
