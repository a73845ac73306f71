using System.Text.Json;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Doctor;

/// <summary>What can be had here, and what helps.</summary>
public sealed class DoctorTests
{
    [Fact]
    public void It_says_whether_sandboxes_work()
    {
        ToolResult result = TareProgram.Call("doctor");

        result.ShouldSucceed();
        Assert.StartsWith(
            "Linux " + File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("'tare run' works", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void An_ordinary_user_is_told_what_cannot_be_had_and_the_remedy()
    {
        using OrdinaryUser user = new();

        JsonElement root = JsonDocument.Parse(user.Call("doctor", "--json").ShouldSucceed().Output).RootElement;

        Assert.True(root.GetProperty("works").GetBoolean());
        Assert.False(root.GetProperty("privileged").GetBoolean());
        Assert.Equal(OrdinaryUser.Id, root.GetProperty("uid").GetInt32());
        JsonElement memory = Find(root, "--memory");
        Assert.Equal("limited", memory.GetProperty("state").GetString());
        Assert.Contains("systemd-run --user", memory.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        JsonElement users = Find(root, "more than one user (tare-oci)");
        Assert.Contains("add-subuids", users.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Root_has_every_limit_whose_controller_is_there()
    {
        Require.Root();
        JsonElement root = JsonDocument.Parse(TareProgram.Call("doctor", "--json").ShouldSucceed().Output).RootElement;

        Assert.True(root.GetProperty("privileged").GetBoolean());
        foreach (string option in (string[])["--memory", "--cpus", "--pids"])
        {
            Assert.Equal("ok", Find(root, option).GetProperty("state").GetString());
        }
    }

    [Fact]
    public void Where_nothing_works_the_status_is_1_and_the_reason_is_told()
    {
        Require.Root();

        // Without user namespaces, and without the capability that makes them unnecessary.
        ToolResult result = Tool.Run(
            "unshare",
            "--user",
            "--map-root-user",
            "sh",
            "-c",
            $"echo 0 >/proc/sys/user/max_user_namespaces; exec {Programs.Tare} doctor"
        );

        result.ShouldExitWith(1);
        Assert.Contains("'tare run' does not work here", result.Output, StringComparison.Ordinal);
        Assert.Contains("→ raise /proc/sys/user/max_user_namespaces", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_feature_that_is_missing_has_a_remedy()
    {
        JsonElement root = JsonDocument.Parse(TareProgram.Call("doctor", "--json").Output).RootElement;

        Assert.All(
            root.GetProperty("findings").EnumerateArray(),
            finding =>
                Assert.True(
                    finding.GetProperty("state").GetString() == "ok" || finding.TryGetProperty("remedy", out _),
                    finding.ToString()
                )
        );
    }

    [Fact]
    public void Nothing_is_left_of_the_trial() => TareProgram.CallAndLeaveNothing("doctor").ShouldSucceed();

    private static JsonElement Find(JsonElement root, string name) =>
        root.GetProperty("findings")
            .EnumerateArray()
            .Single(finding => finding.GetProperty("name").GetString() == name);
}
