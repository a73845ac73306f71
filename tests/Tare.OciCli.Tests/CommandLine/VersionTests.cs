using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class VersionTests
{
    [Theory]
    [InlineData("--version")]
    [InlineData("-v")]
    [InlineData("-version")]
    public void The_version_has_the_lines_that_callers_look_for(string option)
    {
        string[] lines = Tool.Run(Programs.TareOci, option).ShouldSucceed().Lines;

        Assert.Matches("^tare-oci version [0-9]+\\.[0-9]+\\.[0-9]+$", lines[0]);
        Assert.Matches("^commit: ([0-9a-f]{40}|unknown)$", lines[1]);
        Assert.Equal("spec: 1.3.0", lines[2]);
    }
}
