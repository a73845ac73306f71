using Tare.Fixtures;

namespace Tare.Scripts.Tests;

public sealed class LauncherScriptTests
{
    private const int Nobody = 65534;

    [Fact]
    public void The_first_call_builds_both_programs_and_runs_tare()
    {
        using ScriptTree tree = new();

        ToolResult result = tree.Tare().ShouldSucceed();

        Assert.Equal(["tare: run a b"], result.Lines);
        Assert.Equal("tare: building (first time, about a minute)\n", result.Errors);
        Assert.Equal(2, tree.Builds);
    }

    [Fact]
    public void A_second_call_builds_nothing_and_says_nothing()
    {
        using ScriptTree tree = new();
        tree.Tare().ShouldSucceed();

        ToolResult result = tree.Tare().ShouldSucceed();

        Assert.Equal("", result.Errors);
        Assert.Equal(2, tree.Builds);
    }

    [Theory]
    [InlineData("src/A.cs")]
    [InlineData("eng/build-apps")]
    [InlineData("Directory.Packages.props")]
    [InlineData("apps")]
    public void A_call_after_an_edit_builds_again(string file)
    {
        using ScriptTree tree = new();
        tree.Tare().ShouldSucceed();

        tree.Edit(file);
        ToolResult result = tree.Tare().ShouldSucceed();

        Assert.Equal("tare: building what changed\n", result.Errors);
        Assert.Equal(4, tree.Builds);
    }

    [Fact]
    public void A_failed_build_shows_the_errors_and_is_tried_again()
    {
        using ScriptTree tree = new();

        ToolResult failed = tree.Tare(failing: true).ShouldExitWith(1);

        Assert.Contains("error CS0000: as asked for", failed.Errors, StringComparison.Ordinal);
        Assert.Contains("tare: build of apps/tare failed", failed.Errors, StringComparison.Ordinal);
        Assert.Equal("", failed.Output);
        tree.Tare().ShouldSucceed();
    }

    [Fact]
    public void Calls_at_the_same_time_build_once()
    {
        using ScriptTree tree = new();

        RunningTool[] calls = [.. Enumerable.Range(0, 4).Select(_ => tree.Start())];
        foreach (RunningTool call in calls)
        {
            Assert.Equal(["tare: run a b"], call.Wait().ShouldSucceed().Lines);
            call.Dispose();
        }

        Assert.Equal(2, tree.Builds);
    }

    [Fact]
    public void An_ordinary_user_runs_what_somebody_else_has_built()
    {
        Require.Root();
        using ScriptTree tree = new();
        tree.Tare().ShouldSucceed();

        Assert.Equal(["tare: run a b"], tree.Tare(Nobody).ShouldSucceed().Lines);
    }

    [Fact]
    public void An_ordinary_user_is_told_that_somebody_elses_build_is_stale()
    {
        Require.Root();
        using ScriptTree tree = new();
        tree.Tare().ShouldSucceed();

        tree.Edit("src/A.cs");
        ToolResult result = tree.Tare(Nobody).ShouldExitWith(1);

        Assert.Contains(
            "EACCES (the programs are stale and the folder is another user's",
            result.Errors,
            StringComparison.Ordinal
        );
    }
}
