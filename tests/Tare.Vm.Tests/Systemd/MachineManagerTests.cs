using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Claims;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Systemd;

/// <summary>Containers whose cgroups the machine's systemd makes: <c>tare-oci --systemd-cgroup</c> as root.</summary>
[Collection<SystemdMachine>]
public sealed class MachineManagerTests(SystemdGuest guest)
{
    private const string Nothing = """
        systemctl show -P LoadState pre-one.scope
        find /sys/fs/cgroup -name '*one*.scope'
        ls /run/tare | sed /@/d
        """;

    [Fact]
    public void A_container_runs_in_a_scope_of_its_own_and_nothing_is_left()
    {
        string bundle = Bundle(["cat", "/proc/self/cgroup"], "a-b.slice:pre:one");

        ToolResult result = guest.Run($"tare-oci --systemd-cgroup run --bundle {bundle} one\n{Nothing}");

        Assert.Equal(["0::/", "not-found"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void The_scope_is_delegated_and_lies_in_its_slices_and_the_container_is_in_it()
    {
        string bundle = Bundle(["sleep", "1000"], "a-b.slice:pre:one");

        ToolResult result = guest.Run(
            $"""
            tare-oci --systemd-cgroup create --bundle {bundle} --pid-file /tmp/pid one
            cat /proc/$(cat /tmp/pid)/cgroup
            for property in ActiveState Slice Delegate DefaultDependencies CollectMode Description ControlGroup; do
                systemctl show -P $property pre-one.scope
            done
            tare-oci start one
            tare-oci exec one cat /proc/self/cgroup
            wc -l </sys/fs/cgroup/a.slice/a-b.slice/pre-one.scope/cgroup.procs
            tare-oci kill one KILL
            until tare-oci delete one 2>/dev/null; do :; done
            {Nothing}
            """
        );

        Assert.Equal(
            [
                "0::/a.slice/a-b.slice/pre-one.scope",
                "active",
                "a-b.slice",
                "yes",
                "no",
                "inactive-or-failed",
                "tare container one",
                "/a.slice/a-b.slice/pre-one.scope",
                "0::/",
                "1",
                "not-found",
            ],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void Limits_are_systemds_and_the_kernels_and_stay_so_when_systemd_reloads()
    {
        string bundle = Bundle(["sleep", "1000"], "system.slice:pre:one", SystemdLimits.Ask);

        ToolResult result = guest.Run(
            $"""
            tare-oci --systemd-cgroup run --detach --bundle {bundle} one
            show() {SystemdLimits.Show("systemctl", "/sys/fs/cgroup/system.slice/pre-one.scope", "pre-one.scope")}
            show
            systemctl daemon-reload
            show
            tare-oci update --memory 32m --memory-swap 32m --pids-limit 9 --cpu-quota 30000 --cpuset-cpus 0 one
            systemctl daemon-reload
            show
            tare-oci delete --force one
            {Nothing}
            """
        );

        Assert.Equal(
            [.. SystemdLimits.Asked, .. SystemdLimits.Asked, .. SystemdLimits.Updated, "not-found"],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_container_is_paused_and_goes_on()
    {
        string bundle = Bundle(["sleep", "1000"], "system.slice:pre:one");

        ToolResult result = guest.Run(
            $"""
            tare-oci --systemd-cgroup run --detach --bundle {bundle} one
            tare-oci pause one
            grep frozen /sys/fs/cgroup/system.slice/pre-one.scope/cgroup.events
            tare-oci state one | grep status
            tare-oci resume one
            grep frozen /sys/fs/cgroup/system.slice/pre-one.scope/cgroup.events
            tare-oci pause one
            tare-oci delete --force one
            {Nothing}
            """
        );

        Assert.Equal(["frozen 1", "  \"status\": \"paused\",", "frozen 0", "not-found"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Annotations_are_properties_of_the_scope()
    {
        string bundle = Bundle(
            ["true"],
            "system.slice:pre:one",
            config =>
                config["annotations"] = new JsonObject
                {
                    ["org.systemd.property.TimeoutStopUSec"] = "uint64 123000000",
                    ["org.systemd.property.RuntimeMaxSec"] = "4711",
                    ["org.systemd.property.CollectMode"] = "'inactive'",
                }
        );

        ToolResult result = guest.Run(
            $"""
            tare-oci --systemd-cgroup create --bundle {bundle} one
            for property in TimeoutStopUSec RuntimeMaxUSec CollectMode; do systemctl show -P $property pre-one.scope; done
            tare-oci delete one
            {Nothing}
            """
        );

        Assert.Equal(["2min 3s", "1h 18min 31s", "inactive", "not-found"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_property_that_systemd_does_not_know_ends_the_container_with_one_line()
    {
        string bundle = Bundle(
            ["true"],
            "system.slice:pre:one",
            config => config["annotations"] = new JsonObject { ["org.systemd.property.NoSuchThing"] = "true" }
        );

        ToolResult result = guest.Run($"tare-oci --systemd-cgroup run --bundle {bundle} one; echo $?\n{Nothing}");

        Assert.Equal(["1", "not-found"], result.ShouldSucceed().Lines);
        Assert.Contains("NoSuchThing", Assert.Single(result.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    /// <summary>In whatever slice: a unit's name is its own everywhere.</summary>
    [Fact]
    public void A_unit_that_exists_is_left_alone_and_said()
    {
        string bundle = Bundle(["true"], "a.slice:pre:one");

        ToolResult result = guest.Run(
            $"""
            sleep 1000 & sleeper=$!
            busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager StartTransientUnit \
                'ssa(sv)a(sa(sv))' pre-one.scope fail 1 PIDs au 1 $sleeper 0 >/dev/null
            until systemctl is-active --quiet pre-one.scope; do :; done
            tare-oci --systemd-cgroup run --bundle {bundle} one; echo $?
            systemctl show -P ActiveState pre-one.scope
            kill $sleeper; wait; while systemctl is-active --quiet pre-one.scope; do :; done
            {Nothing}
            """
        );

        Assert.Equal(["1", "active", "not-found"], result.ShouldSucceed().Lines);
        Assert.Equal(
            "tare-oci: --systemd-cgroup: there is a unit 'pre-one.scope' already (choose another linux.cgroupsPath, "
                + "or end it: systemctl stop 'pre-one.scope')\n",
            result.Errors
        );
    }

    /// <summary>Three at once: one of them has it, and the others take nothing away.</summary>
    [Fact]
    public void Of_containers_that_are_made_at_once_with_one_name_one_lives()
    {
        string bundle = Bundle(["sleep", "1000"], "a.slice:pre:one");

        ToolResult result = guest.Run(
            $"""
            for i in 1 2 3; do tare-oci --systemd-cgroup create --bundle {bundle} one$i 2>/dev/null & done
            wait
            systemctl show -P ActiveState pre-one.scope
            for i in 1 2 3; do tare-oci state one$i 2>/dev/null | grep status; done
            for i in 1 2 3; do tare-oci delete --force one$i; done
            {Nothing}
            """
        );

        Assert.Equal(["active", "  \"status\": \"created\",", "not-found"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Another_form_of_the_path_is_refused_and_nothing_is_left()
    {
        string bundle = Bundle(["true"], "/one");

        ToolResult result = guest.Run($"tare-oci --systemd-cgroup run --bundle {bundle} one; echo $?\n{Nothing}");

        Assert.Equal(["1", "not-found"], result.ShouldSucceed().Lines);
        Assert.Contains("expected cgroupsPath to be of format", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>As on a hybrid machine: systemd answers, and half of the controllers could be in other hands.</summary>
    [Fact]
    public void A_hierarchy_of_cgroup_v1_beside_is_refused_and_nothing_is_left()
    {
        string bundle = Bundle(["true"], "system.slice:pre:one");

        ToolResult result = guest.Run(
            $"""
            mkdir /tmp/v1
            unshare --mount sh -c 'mount -t cgroup -o none,name=tare cgroup /tmp/v1
                tare-oci --systemd-cgroup run --bundle {bundle} one; echo $?'
            rmdir /tmp/v1
            {Nothing}
            """
        );

        Assert.Equal(["1", "not-found"], result.ShouldSucceed().Lines);
        Assert.Equal(
            "tare-oci: --systemd-cgroup: needs cgroup v2 alone, and v1 is mounted here "
                + "(boot with systemd.unified_cgroup_hierarchy=1, or leave the option out)\n",
            result.Errors
        );
    }

    [Fact]
    public void The_D_Bus_daemon_does_as_well_as_systemds_own_socket()
    {
        string bundle = Bundle(["cat", "/proc/self/cgroup"], "system.slice:pre:one");

        ToolResult result = guest.Run(
            $"""
            export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket
            tare-oci --systemd-cgroup run --bundle {bundle} one
            tare-oci --systemd-cgroup create --bundle {bundle} one
            tare-oci update --pids-limit 5 one; systemctl show -P TasksMax pre-one.scope
            tare-oci delete one
            {Nothing}
            """
        );

        Assert.Equal(["0::/", "5", "not-found"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Without_a_path_the_scope_has_the_containers_name()
    {
        string bundle = Bundle(["true"], null);

        ToolResult result = guest.Run(
            $"""
            tare-oci --systemd-cgroup create --bundle {bundle} a+one
            systemctl show -P ControlGroup 'tare-a\x2bone.scope'
            tare-oci delete a+one
            {Nothing}
            """
        );

        Assert.Equal(["/system.slice/tare-a\\x2bone.scope", "not-found"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_cgroup_that_is_mounted_to_be_written_to_is_its_users()
    {
        string bundle = Bundle(
            ["sh", "-c", OwnershipClaims.MakeGroup],
            "system.slice:pre:one",
            config => OwnershipClaims.Delegate(config, 1000)
        );

        ToolResult result = guest.Run($"tare-oci --systemd-cgroup run --bundle {bundle} one\n{Nothing}");

        Assert.Equal(["0::/below", "not-found"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_container_that_memory_ran_out_for_leaves_no_unit_that_has_failed()
    {
        string bundle = Bundle(
            ["dd", "if=/dev/zero", "of=/dev/null", "bs=128M", "count=1"],
            "system.slice:pre:one",
            config => config.Limit("memory", ("limit", 64 << 20))
        );

        ToolResult result = guest.Run(
            $"""
            tare-oci --systemd-cgroup run --bundle {bundle} one; echo $?
            tare-oci --systemd-cgroup run --bundle {bundle} one; echo $?
            {Nothing}
            """
        );

        Assert.Equal(["137", "137", "not-found"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void The_least_limit_of_processes_leaves_room_for_one()
    {
        string bundle = Bundle(
            ["cat", "/sys/fs/cgroup/pids.max"],
            "system.slice:pre:one",
            config => config.Limit("pids", ("limit", 1))
        );

        ToolResult result = guest.Run($"tare-oci --systemd-cgroup run --bundle {bundle} one\n{Nothing}");

        Assert.Equal(["1", "not-found"], result.ShouldSucceed().Lines);
    }

    /// <summary>Before the scope, just behind it, and later; each time the next start finds and removes all.</summary>
    [Fact]
    public void What_a_killed_runtime_leaves_the_next_start_removes()
    {
        string bundle = Bundle(["true"], "system.slice:pre:one");

        ToolResult result = guest.Run(
            $"""
            for step in 1 2 3 5 20 40 60; do
                TARE_KILL_BEFORE_STEP=$step tare-oci --systemd-cgroup create --bundle {bundle} one; echo $?
                wait_for_mark one
                tare-oci --systemd-cgroup run --bundle {bundle} two
                {Nothing}
            done 2>/dev/null
            """
        );

        Assert.Equal(Enumerable.Repeat<string[]>(["137", "not-found"], 7).SelectMany(lines => lines), result.Lines);
    }

    private string Bundle(string[] arguments, string? path, Action<JsonObject>? edit = null) =>
        guest.Bundle(
            arguments,
            config =>
            {
                if (path is not null)
                {
                    config["linux"]!["cgroupsPath"] = path;
                }

                edit?.Invoke(config);
            }
        );
}
