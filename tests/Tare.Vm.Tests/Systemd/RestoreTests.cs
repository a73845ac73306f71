using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Systemd;

/// <summary>Containers that were saved and whose cgroups the machine's systemd makes anew.</summary>
[Collection<SystemdMachine>]
public sealed class RestoreTests(SystemdGuest guest)
{
    // Counts in its memory how often it was asked.
    private const string Counting =
        "mkfifo /tmp/in /tmp/out; while read -r line </tmp/in; do i=$((i+1)); echo $i >/tmp/out; done";

    private const string Tools = """
        for module in nfnetlink inet_diag tcp_diag udp_diag raw_diag unix_diag netlink_diag af_packet_diag; do
            busybox insmod /lib/$module.ko 2>/dev/null || :
        done
        oci() { tare-oci "$@" </dev/null >/dev/null; }
        save() { oci checkpoint --network-lock skip --image-path /tmp/saved one || { grep Error /tmp/saved/dump.log >&2; exit 1; }; }
        restore() { oci --systemd-cgroup restore --detach --network-lock skip --image-path /tmp/saved "$@" one; }
        ask() { tare-oci exec one sh -c 'until [ -p /tmp/out ]; do :; done; echo >/tmp/in; cat /tmp/out'; }
        """;

    private const string Nothing = """
        systemctl show -P LoadState pre-one.scope
        find /sys/fs/cgroup -name '*one*.scope'
        ls /run/tare | sed /@/d
        """;

    [Fact]
    public void A_restored_container_is_in_a_scope_of_its_own_with_its_limits_and_goes_on()
    {
        string bundle = Bundle(SystemdLimits.Ask);

        ToolResult result = guest.Run(
            $"""
            {Tools}
            show() {SystemdLimits.Show("systemctl", "/sys/fs/cgroup/system.slice/pre-one.scope", "pre-one.scope")}
            oci --systemd-cgroup run --detach --bundle {bundle} one
            ask
            save
            {Nothing}
            restore --bundle {bundle} --pid-file /tmp/pid || grep Error /tmp/saved/restore.log >&2
            ask
            cat /proc/$(cat /tmp/pid)/cgroup
            tare-oci exec one cat /proc/self/cgroup
            for property in ActiveState Slice Delegate Description; do systemctl show -P $property pre-one.scope; done
            systemctl daemon-reload
            show
            tare-oci delete --force one
            rm -r /tmp/saved
            {Nothing}
            """
        );

        Assert.Equal(
            [
                "1",
                "not-found",
                "2",
                "0::/system.slice/pre-one.scope",
                "0::/",
                "active",
                "system.slice",
                "yes",
                "tare container one",
                .. SystemdLimits.Asked,
                "not-found",
            ],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_restore_that_fails_leaves_no_scope()
    {
        string bundle = Bundle();

        ToolResult result = guest.Run(
            $"""
            {Tools}
            oci --systemd-cgroup run --detach --bundle {bundle} one
            ask
            save
            rm /tmp/saved/core-1.img
            restore --bundle {bundle}; echo $?
            rm -r /tmp/saved
            {Nothing}
            """
        );

        Assert.Equal(["1", "1", "not-found"], result.ShouldSucceed().Lines);
        Assert.Contains("restore container one: Error (criu/", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>The unit of the name is another's, and so is what runs in it.</summary>
    [Fact]
    public void A_unit_that_exists_is_left_alone_and_said()
    {
        string bundle = Bundle();

        ToolResult result = guest.Run(
            $"""
            {Tools}
            oci --systemd-cgroup run --detach --bundle {bundle} one
            ask
            save
            sleep 1000 & sleeper=$!
            busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager StartTransientUnit \
                'ssa(sv)a(sa(sv))' pre-one.scope fail 1 PIDs au 1 $sleeper 0 >/dev/null
            until systemctl is-active --quiet pre-one.scope; do :; done
            restore --bundle {bundle}; echo $?
            kill -0 $sleeper && echo lives
            kill $sleeper; wait; while systemctl is-active --quiet pre-one.scope; do :; done
            rm -r /tmp/saved
            {Nothing}
            """
        );

        Assert.Equal(["1", "1", "lives", "not-found"], result.ShouldSucceed().Lines);
        Assert.Contains("there is a unit 'pre-one.scope' already", result.Errors, StringComparison.Ordinal);
    }

    private string Bundle(Action<JsonObject>? edit = null) =>
        guest.Bundle(
            ["sh", "-c", Counting],
            config =>
            {
                config.AddTmpfs("/tmp");
                config["linux"]!["cgroupsPath"] = "system.slice:pre:one";

                // What CRIU asks of a network namespace this kernel does not answer without more modules.
                config.RemoveNamespace("network");
                edit?.Invoke(config);
            }
        );
}
