using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>A machine with Linux 5.10, which lacks mount_setattr and cgroup.kill.</summary>
public sealed class OldKernelGuest() : Guest("bullseye", "bullseye", more: LibraryFiles.AddProbe);

public sealed class OldKernelTests(OldKernelGuest guest) : IClassFixture<OldKernelGuest>
{
    [Fact]
    public void The_error_names_the_call_that_is_missing_and_nothing_is_left()
    {
        string bundle = guest.Bundle(["true"]);

        ToolResult result = guest.Run(
            $"tare-oci run --bundle {bundle} old; status=$?; ls -d $groups/*/; ls /run/tare | sed /@/d; exit $status"
        );

        Assert.Equal(["/sys/fs/cgroup/session/shell/"], result.ShouldExitWith(1).Lines);
        Assert.EndsWith(
            ": ENOSYS (mount_setattr is missing: needs Linux 5.12, and no seccomp filter that hides it)\n",
            result.Errors,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Container")]
    [InlineData("Process")]
    public void The_librarys_sandboxes_name_what_is_missing_and_nothing_is_left(string level)
    {
        ToolResult result = guest.Run($"probe left {level}; find $groups -mindepth 1 -type d");

        Assert.Equal(
            [
                "failed=start 'sh': close other descriptors when the program starts: EINVAL "
                    + "(CLOSE_RANGE_CLOEXEC is missing: needs Linux 5.11)",
                "/sys/fs/cgroup/session/shell",
            ],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void Doctor_names_what_is_missing_and_the_remedy()
    {
        ToolResult result = guest.Run("tare doctor --json");

        JsonNode finding = JsonNode.Parse(result.Output)!["findings"]!
            .AsArray()
            .Single(finding => (string?)finding!["name"] == "mount_setattr")!;
        Assert.Equal("missing", (string?)finding["state"]);
        Assert.Equal(
            "run Linux 5.12 or later, or let the seccomp filter around this process pass the call",
            (string?)finding["remedy"]
        );
    }
}
