using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>A user that is given as a number without a group is taken for root, or what is no number is taken for one.</summary>
public sealed class Cve2026_30892_UserIsMisread
{
    [Theory]
    [InlineData("1", "1 0")]
    [InlineData("1:2", "1 2")]
    [InlineData("0:1", "0 1")]
    [InlineData("1000", "1000 0")]
    [InlineData("65534:65534", "65534 65534")]
    [InlineData("4294967294", "4294967294 0")]
    public void A_program_runs_as_the_user_that_was_given(string user, string expected)
    {
        using Victim victim = new();
        using Bundle bundle = new(["sh", "-c", "echo ready; cat"]);
        string id = victim.NewId();
        using RunningTool running = victim.Start(bundle, id, "ready");

        ToolResult result = victim.Command("exec", "--user", user, id, "sh", "-c", "echo $(id -u) $(id -g)");

        Assert.Equal(expected, result.ShouldSucceed().Output.TrimEnd());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1:2:3")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("0x1")]
    [InlineData("1x")]
    [InlineData("root")]
    [InlineData("4294967296")]
    [InlineData("18446744073709551616")]
    [InlineData("1,2")]
    [InlineData("1\n")]
    [InlineData("١")]
    public void What_is_no_user_runs_nothing(string user)
    {
        using Victim victim = new();
        using Bundle bundle = new(["sh", "-c", "echo ready; cat"]);
        string id = victim.NewId();
        using RunningTool running = victim.Start(bundle, id, "ready");

        ToolResult result = victim.Command("exec", "--user", user, id, "id");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Empty(result.Output);
    }
}
