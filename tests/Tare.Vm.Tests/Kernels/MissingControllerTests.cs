using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>A machine whose kernel was told to do without the memory controller.</summary>
public sealed class MissingControllerGuest() : Guest("no-memory", "bookworm", "cgroup_disable=memory");

public sealed class MissingControllerTests(MissingControllerGuest guest) : IClassFixture<MissingControllerGuest>
{
    [Fact]
    public void A_limit_whose_controller_is_missing_is_named_and_nothing_is_left()
    {
        string bundle = guest.Bundle(["true"], config => config.Limit("memory", ("limit", 64 << 20)));

        ToolResult result = guest.Run(
            $"tare-oci run --bundle {bundle} limited; status=$?; ls -d $groups/*/; ls /run/tare | sed /@/d; exit $status"
        );

        Assert.Equal(["/sys/fs/cgroup/session/shell/"], result.ShouldExitWith(1).Lines);
        Assert.Equal(
            "tare-oci: linux.resources.memory.limit: there is no cgroup controller 'memory' here "
                + "(mount it, enable it in the kernel's configuration, or leave the limit out)\n",
            result.Errors
        );
    }

    [Fact]
    public void Other_limits_hold_all_the_same()
    {
        string bundle = guest.Bundle(["cat", "/sys/fs/cgroup/pids.max"], config => config.Limit("pids", ("limit", 9)));

        Assert.Equal(["9"], guest.Run($"tare-oci run --bundle {bundle} limited").ShouldSucceed().Lines);
    }

    [Fact]
    public void A_sandbox_refuses_the_limit_unless_it_is_told_to_do_its_best()
    {
        ToolResult result = guest.Run(
            "tare run --memory 64M -- true; tare run --memory 64M --best-effort -- echo best"
        );

        Assert.Equal(["best"], result.ShouldSucceed().Lines);
        Assert.Contains(
            "tare: --memory: there is no cgroup controller 'memory' here",
            result.Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Doctor_says_which_limit_cannot_be_had()
    {
        ToolResult result = guest.Run("tare doctor");

        Assert.Contains("no cgroup controller 'memory'", result.Output, StringComparison.Ordinal);
    }
}
