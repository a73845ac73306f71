using System.Text.Json;
using System.Text.RegularExpressions;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Explaining;

/// <summary>The plan, before anything is done.</summary>
public sealed partial class ExplainTests
{
    [Fact]
    public void It_prints_numbered_steps_in_groups_with_the_call_below_each()
    {
        string text = TareProgram.Call("explain", "--", "make", "test").ShouldSucceed().Output;

        Assert.StartsWith("process\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "\nroot file system\n  1  keep mounts from reaching the host\n       mount(NULL, \"/\"",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("execute '/usr/bin/make'\n", text, StringComparison.Ordinal);
        Assert.Contains("[\"make\", \"test\"]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_done()
    {
        using TemporaryDirectory folder = new();
        string mark = folder.At("mark");

        TareProgram
            .CallAndLeaveNothing("explain", "--stats", "--read-write", folder.Path, "--", "touch", mark)
            .ShouldSucceed();

        Assert.False(File.Exists(mark));
    }

    [Fact]
    public void It_is_the_very_plan_that_a_run_launches()
    {
        string[] options = ["--hostname", "same", "--env", "PATH=/bin:/usr/bin"];

        string[] explained =
        [
            .. Step()
                .Matches(TareProgram.Call(["explain", .. options, "--", "true"]).ShouldSucceed().Output)
                .Select(match => match.Groups[1].Value),
        ];
        JsonElement trace = JsonDocument
            .Parse(TareProgram.Run(["--trace", "--json", .. options, "--", "true"]).ShouldSucceed().Errors)
            .RootElement.GetProperty("trace");

        Assert.All(
            trace.EnumerateArray(),
            step =>
                Assert.Equal(explained[step.GetProperty("step").GetInt32() - 1], step.GetProperty("words").GetString())
        );
        Assert.InRange(trace.GetArrayLength(), explained.Length / 2, explained.Length);
        Assert.All(trace.EnumerateArray(), step => Assert.True(step.GetProperty("seconds").GetDouble() >= 0));
    }

    [Fact]
    public void What_is_done_before_there_is_a_process_is_told_in_both_forms()
    {
        Require.Root();
        string[] command = ["--pids", "7", "--", "true"];

        string text = TareProgram.Call(["explain", .. command]).ShouldSucceed().Output;
        JsonElement plan = JsonDocument
            .Parse(TareProgram.Call(["explain", "--json", .. command]).ShouldSucceed().Output)
            .RootElement;

        string[] before = [.. plan.GetProperty("before").EnumerateArray().Select(words => words.GetString()!)];
        Assert.Contains(before, words => words.StartsWith("write '7' to '", StringComparison.Ordinal));
        Assert.StartsWith(
            $"cgroup, made beforehand by tare itself\n{string.Concat(before.Select(words => $"    {words}\n"))}\n",
            text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "\"before\"",
            TareProgram.Call("explain", "--json", "--", "true").Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Programs_get_the_plan_as_json()
    {
        JsonElement plan = JsonDocument
            .Parse(TareProgram.Call("explain", "--json", "--", "true").ShouldSucceed().Output)
            .RootElement;

        Assert.Equal(1, plan.GetProperty("version").GetInt32());
        Assert.Contains(
            plan.GetProperty("steps").EnumerateArray(),
            step => step.TryGetProperty("call", out JsonElement call) && call.GetString() == "pivot_root"
        );
    }

    [Fact]
    public void Options_change_the_plan()
    {
        string plain = TareProgram.Call("explain", "--", "true").Output;

        Assert.Contains("CLONE_NEWNET", plain, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "CLONE_NEWNET",
            TareProgram.Call("explain", "--net", "host", "--", "true").Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "sethostname(\"box\", 3)",
            TareProgram.Call("explain", "--hostname", "box", "--", "true").Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "TIOCSCTTY",
            TareProgram.Call("explain", "--terminal", "always", "--", "true").Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_tare_does_beforehand_is_told_too()
    {
        Require.Root();
        string text = TareProgram.Call("explain", "--memory", "1m", "--", "true").ShouldSucceed().Output;

        Assert.StartsWith(
            "cgroup, made beforehand by tare itself\n    create the cgroup '/sys/fs/cgroup",
            text,
            StringComparison.Ordinal
        );
        Assert.Matches("write '1048576' to '/sys/fs/cgroup/.*/run-ID/memory\\.(max|limit_in_bytes)'", text);
    }

    [Fact]
    public void A_bundles_container_is_explained_as_its_runtime_makes_it()
    {
        Require.Root();
        using Bundle bundle = new(["sh", "-c", "exit 0"]);

        string text = TareProgram.Call("explain", "--bundle", bundle.Path).ShouldSucceed().Output;

        Assert.Contains($"pick the root file system '{bundle.Rootfs}'", text, StringComparison.Ordinal);
        Assert.Contains("execute '/bin/sh'", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no bundle", null, "config.json")]
    [InlineData("no JSON", "{", "config.json")]
    [InlineData("no program", """{"ociVersion":"1.0.0"}""", "process: is missing")]
    public void A_bundle_that_is_none_is_told_on_one_line(string _, string? config, string part)
    {
        using TemporaryDirectory folder = new();
        if (config is not null)
        {
            folder.Write("config.json", config);
        }

        ToolResult result = TareProgram.Call("explain", "--bundle", folder.Path);

        result.ShouldExitWith(125);
        Assert.Contains(part, result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_reader_that_has_read_enough_is_no_error()
    {
        ToolResult result = Tool.Run("sh", "-c", $"{Programs.Tare} explain -- true | head -n 1");

        Assert.Equal(("process\n", ""), (result.ShouldSucceed().Output, result.Errors));
    }

    [GeneratedRegex(@"^ *\d+  (.*)$", RegexOptions.Multiline)]
    private static partial Regex Step();
}
