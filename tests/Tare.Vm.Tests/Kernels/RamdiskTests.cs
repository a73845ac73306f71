using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>A machine that never leaves its initial file system.</summary>
public sealed class RamdiskGuest() : Guest("ramdisk", "bookworm", "ramdisk");

public sealed class RamdiskTests(RamdiskGuest guest) : IClassFixture<RamdiskGuest>
{
    [Fact]
    public void The_error_says_what_helps_and_nothing_is_left()
    {
        string bundle = guest.Bundle(["true"]);

        ToolResult result = guest.Run(
            $"tare-oci run --bundle {bundle} disk; status=$?; ls -d $groups/*/; ls /run/tare | sed /@/d; exit $status"
        );

        Assert.Equal(["/sys/fs/cgroup/session/shell/"], result.ShouldExitWith(1).Lines);
        Assert.Equal(
            "tare-oci: make it the root: EINVAL "
                + "(this machine's root is a ramdisk, which pivot_root refuses: use --no-pivot)\n",
            result.Errors
        );
    }

    [Fact]
    public void Without_pivot_root_a_container_runs_and_sees_its_own_root_only()
    {
        string bundle = guest.Bundle(["sh", "-c", "ls /; ls -d /init /rootfs /proc/1/root/init /../init"]);

        ToolResult result = guest.Run($"tare-oci run --no-pivot --bundle {bundle} disk");

        Assert.Equal(["bin", "dev", "etc", "proc", "root", "run", "sys", "tmp", "var"], result.ShouldExitWith(1).Lines);
    }

    [Fact]
    public void A_sandbox_cannot_be_had_and_the_error_says_what_helps()
    {
        ToolResult result = guest.Run("tare run -- true");

        Assert.Contains(
            "ramdisk, which pivot_root refuses: move to a root that is mounted",
            result.ShouldExitWith(125).Errors,
            StringComparison.Ordinal
        );
    }
}
