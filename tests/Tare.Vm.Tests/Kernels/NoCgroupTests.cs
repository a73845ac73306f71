using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>A machine on which no cgroup hierarchy is mounted.</summary>
public sealed class NoCgroupGuest() : Guest("no-cgroups", "bookworm", "no-cgroups", LibraryFiles.AddProbe);

public sealed class NoCgroupTests(NoCgroupGuest guest) : IClassFixture<NoCgroupGuest>
{
    [Fact]
    public void A_container_without_limits_runs_and_sees_an_empty_directory_of_cgroups()
    {
        string bundle = guest.Bundle(["sh", "-c", "echo it ran; ls /sys/fs/cgroup"]);

        Assert.Equal(["it ran"], guest.Run($"tare-oci run --bundle {bundle} free").ShouldSucceed().Lines);
    }

    [Fact]
    public void A_limit_is_an_error_that_names_it()
    {
        string bundle = guest.Bundle(["true"], config => config.Limit("pids", ("limit", 9)));

        ToolResult result = guest.Run($"tare-oci run --bundle {bundle} limited").ShouldExitWith(1);

        Assert.StartsWith("tare-oci: linux.resources.pids.limit: ", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Container")]
    [InlineData("Process")]
    public void The_librarys_sandboxes_say_that_limits_are_each_process_s_own(string level)
    {
        string[] lines = guest.Run($"probe left {level}; killall sleep 2>/dev/null; true").ShouldSucceed().Lines;

        Assert.Equal($"end=Exited,exit code 3,{level}", lines[0]);
        Assert.StartsWith("missing=cgroup: create cgroup 'tare-", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(
            ": ENOENT (no cgroup hierarchy is mounted that can be written to); limits are each process's own",
            lines[1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Pausing_says_that_there_is_no_cgroup()
    {
        string bundle = guest.Bundle(["sleep", "1000"]);

        ToolResult result = guest.Run($"tare-oci run --detach --bundle {bundle} free && tare-oci pause free");

        Assert.Contains(
            "the container has no cgroup that can be frozen",
            result.ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
    }
}
