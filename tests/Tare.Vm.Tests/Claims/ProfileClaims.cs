using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>AppArmor's profiles; those that are loaded stand in Policies/profiles.</summary>
public abstract class ProfileClaims
{
    // All of it in one write, as the kernel wants it; a shell's own output would come in pieces.
    private const string Load = "dd if=/lib/profiles of=/sys/kernel/security/apparmor/.load bs=1M 2>/dev/null; ";

    private readonly Guest _guest;

    protected ProfileClaims(Guest guest)
    {
        Require.Program("apparmor_parser");
        _guest = guest;
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void A_program_runs_under_the_profile_that_is_asked_for(bool noNewPrivileges, bool filtered, bool mapped)
    {
        string bundle = Confined(
            ["sh", "-c", "cat /proc/self/attr/current /forbidden 2>&1"],
            config =>
            {
                config["process"]!["noNewPrivileges"] = noNewPrivileges;
                if (filtered)
                {
                    Filter(config);
                }

                if (mapped)
                {
                    config.AddUserNamespace(100_000);
                }
            }
        );

        ToolResult result = _guest.Run(
            $"{Load}echo secret >/rootfs/forbidden; tare-oci run --bundle {bundle} confined"
        );

        Assert.Equal(["tare-test (enforce)", "cat: can't open '/forbidden': Permission denied"], result.Lines);
    }

    [Fact]
    public void It_holds_from_the_program_on_and_not_for_who_waits_to_be_started()
    {
        string bundle = Confined(["sleep", "1000"]);

        ToolResult result = _guest.Run(
            $"""
            {Load}
            tare-oci create --bundle {bundle} confined </dev/null >/dev/null 2>&1
            first=$(cat $groups/confined/cgroup.procs)
            cat /proc/$first/attr/current; ls /proc/$first/fd | wc -l
            tare-oci start confined
            cat /proc/$first/attr/current
            """
        );

        Assert.Equal("unconfined", result.ShouldSucceed().Lines[0]);
        Assert.Equal("tare-test (enforce)", result.Lines[^1]);
    }

    [Fact]
    public void Programs_that_are_added_are_under_the_containers_profile_or_their_own()
    {
        string bundle = Confined(["sleep", "1000"]);

        ToolResult result = _guest.Run(
            $$"""
            {{Load}}
            tare-oci run --detach --bundle {{bundle}} confined </dev/null >/dev/null 2>&1
            tare-oci exec confined cat /proc/self/attr/current
            tare-oci exec --apparmor tare-other confined cat /proc/self/attr/current
            tare-oci exec --apparmor tare-other --user 7 confined sh -c 'id -u; cat /proc/self/attr/current'
            echo '{"cwd": "/", "args": ["cat", "/proc/self/attr/current"], "env": ["PATH=/bin"]}' >/tmp/p
            tare-oci exec --process /tmp/p confined
            echo '{"cwd": "/", "args": ["cat", "/proc/self/attr/current"], "env": ["PATH=/bin"], "apparmorProfile": "tare-other"}' >/tmp/p
            tare-oci exec --process /tmp/p confined
            """
        );

        Assert.Equal(
            [
                "tare-test (enforce)",
                "tare-other (enforce)",
                "7",
                "tare-other (enforce)",
                "tare-test (enforce)",
                "tare-other (enforce)",
            ],
            result.ShouldSucceed().Lines
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_added_program_is_under_it_with_a_filter_and_in_a_user_namespace(bool noNewPrivileges)
    {
        string bundle = Confined(
            ["sleep", "1000"],
            config =>
            {
                config["process"]!["noNewPrivileges"] = noNewPrivileges;
                Filter(config);
                config.AddUserNamespace(100_000);
            }
        );

        ToolResult result = _guest.Run(
            $"""
            {Load}
            tare-oci run --detach --bundle {bundle} confined </dev/null >/dev/null 2>&1
            tare-oci exec confined sh -c 'cat /proc/self/attr/current; grep Seccomp: /proc/self/status'
            """
        );

        Assert.Equal(["tare-test (enforce)", "Seccomp:\t2"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_profile_that_is_not_loaded_is_an_error_and_nothing_is_made()
    {
        const string Message = "apparmor profile 'tare-absent' is not loaded: ENOENT (load it by apparmor_parser)";
        string bundle = Confined(
            ["touch", "/tmp/ran"],
            config => config["process"]!["apparmorProfile"] = "tare-absent"
        );
        string other = Confined(["sleep", "1000"]);

        ToolResult result = _guest.Run(
            $"""
            {Load}
            tare-oci create --bundle {bundle} confined 2>&1; echo $?
            tare-oci run --bundle {bundle} confined 2>&1; echo $?
            ls $runtime | grep confined; ls $groups | grep confined
            tare-oci run --detach --bundle {other} other </dev/null >/dev/null 2>&1
            tare-oci exec --apparmor tare-absent other true 2>&1; echo $?
            """
        );

        Assert.Equal(
            [
                $"tare-oci: process.apparmorProfile: {Message}",
                "1",
                $"tare-oci: process.apparmorProfile: {Message}",
                "1",
                $"tare-oci: process.apparmorProfile: {Message}",
                "255",
            ],
            result.Lines
        );
    }

    [Fact]
    public void Unconfined_is_a_profile_too()
    {
        string bundle = Confined(
            ["cat", "/proc/self/attr/current"],
            config => config["process"]!["apparmorProfile"] = "unconfined"
        );

        Assert.Equal(["unconfined"], _guest.Run($"tare-oci run --bundle {bundle} free").ShouldSucceed().Lines);
    }

    [Fact]
    public void A_container_without_a_procfs_has_its_profile_as_well()
    {
        string bundle = Confined(
            ["sleep", "1000"],
            config =>
            {
                JsonArray mounts = config["mounts"]!.AsArray();
                mounts.Remove(mounts.Single(mount => (string?)mount!["destination"] == "/proc"));
            }
        );

        ToolResult result = _guest.Run(
            $"""
            {Load}
            tare-oci run --detach --bundle {bundle} confined </dev/null >/dev/null 2>&1
            cat /proc/$(cat $groups/confined/cgroup.procs)/attr/current
            tare-oci exec confined ls /forbidden 2>&1
            """
        );

        Assert.Equal("tare-test (enforce)", result.Lines[0]);
    }

    private string Confined(string[] arguments, Action<JsonObject>? edit = null) =>
        _guest.Bundle(
            arguments,
            config =>
            {
                config["process"]!["apparmorProfile"] = "tare-test";
                edit?.Invoke(config);
            }
        );

    // Neither what writes nor what opens files is let through to who sets the profile too late.
    private static void Filter(JsonObject config) =>
        config["linux"]!["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["syscalls"] = new JsonArray(
                new JsonObject
                {
                    ["names"] = new JsonArray("lsm_set_self_attr", "openat2", "pwrite64", "move_mount"),
                    ["action"] = "SCMP_ACT_KILL_PROCESS",
                }
            ),
        };
}
