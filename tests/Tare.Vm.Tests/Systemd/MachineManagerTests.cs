using Tare.Fixtures;

namespace Tare.Vm.Tests.Systemd;

/// <summary>Containers whose cgroups the machine's systemd makes: <c>tare-oci --systemd-cgroup</c> as root.</summary>
[Collection<SystemdMachine>]
public sealed class MachineManagerTests(SystemdGuest guest)
{
    [Fact]
    public void A_container_runs_in_a_scope_of_its_own_and_nothing_is_left()
    {
        string bundle = guest.Bundle(
            ["cat", "/proc/self/cgroup"],
            config => config["linux"]!["cgroupsPath"] = "a-b.slice:pre:one"
        );

        ToolResult result = guest.Run(
            $"""
            tare-oci --systemd-cgroup run --bundle {bundle} one
            systemctl show -P LoadState pre-one.scope
            ls -d /sys/fs/cgroup/a.slice/a-b.slice/*.scope 2>/dev/null
            ls /run/tare | sed /@/d
            """
        );

        Assert.Equal(["0::/", "not-found"], result.ShouldSucceed().Lines);
    }
}
