using Tare.Fixtures;

namespace Tare.Samples.Tests;

public sealed class BuildRunnerTests
{
    [Fact]
    public void Steps_run_one_after_the_other_with_what_they_write()
    {
        using TemporaryDirectory folder = new();
        string steps = folder.Write(
            "steps",
            """
            # two steps
            compile: echo one; echo two >&2
            test [30s]: echo three
            """
        );

        string[] lines = Tool.Run(Sample.Program("BuildRunner"), steps).ShouldSucceed().Lines;

        Assert.Equal(["== compile", "compile | one", "compile | two"], lines[..3]);
        Assert.StartsWith("compile | exit code 0 after ", lines[3], StringComparison.Ordinal);
        Assert.Contains("== test", lines);
        Assert.Contains("test | three", lines);
        Assert.Equal("== done", lines[^1]);
    }

    [Fact]
    public void A_step_that_fails_is_the_last_and_gives_its_status()
    {
        using TemporaryDirectory folder = new();
        string steps = folder.Write("steps", "fail: exit 7\nnever: echo never\n");

        ToolResult result = Tool.Run(Sample.Program("BuildRunner"), steps).ShouldExitWith(7);

        Assert.Equal("== failed in fail: 7", result.Lines[^1]);
        Assert.DoesNotContain("never", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_whose_time_is_up_is_ended_even_if_it_does_not_want_to()
    {
        using TemporaryDirectory folder = new();
        string steps = folder.Write("steps", "hang [1s]: trap '' TERM; while :; do sleep 0.1; done\n");

        ToolResult result = Tool.Run(Sample.Program("BuildRunner"), steps).ShouldExitWith(124);

        Assert.Contains("hang | not done in 1 s: SIGKILL", result.Lines);
    }

    [Fact]
    public void What_a_step_leaves_running_is_ended_with_it()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string steps = folder.Write("steps", "leave: sleep 1000 & echo started $!\n");

        ToolResult result = Tool.Run(Sample.Program("BuildRunner"), steps).ShouldSucceed();

        string started = result.Lines.Single(line => line.StartsWith("leave | started ", StringComparison.Ordinal));
        string state = Tool.Run("ps", "-o", "stat=", "-p", started.Split(' ')[^1]).Output;
        Assert.True(state is "" or ['Z', ..], state);
    }

    [Fact]
    public void A_log_is_live_and_an_interrupted_build_stops()
    {
        using TemporaryDirectory folder = new();
        string steps = folder.Write("steps", "slow: echo begun; exec sleep 1000\nnever: echo never\n");
        using RunningTool build = Tool.Start(Sample.Program("BuildRunner"), steps);
        build.WaitForText("slow | begun");

        Tool.Run("kill", "-INT", $"{build.ProcessId}").ShouldSucceed();
        ToolResult result = build.Wait().ShouldExitWith(130);

        Assert.Contains("slow | cancelled: SIGTERM", result.Lines);
        Assert.DoesNotContain("never", result.Output, StringComparison.Ordinal);
    }
}
