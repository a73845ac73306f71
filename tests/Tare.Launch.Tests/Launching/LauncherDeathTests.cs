using System.Globalization;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>What becomes of a launch whose launcher is killed or ends.</summary>
public sealed class LauncherDeathTests
{
    [Theory]
    [InlineData("first")]
    [InlineData("spawned")]
    public void A_child_that_waits_at_a_gate_ends_with_its_launcher(string kind)
    {
        using RunningTool launcher = Tool.Start(Probe.Path, "wait-at-gate", kind);
        launcher.WaitForText("at the gate");
        int[] processes = Launches.ChildrenOf(launcher.ProcessId);
        PidFd[] children = [.. processes.Select(number => PidFds.Open(number).OrThrow("open"))];

        // The child, the process that waits in the launcher's stead, and the one that has spawned the child.
        Assert.Equal(kind == "first" ? 2 : 3, children.Length);
        launcher.Kill();

        Assert.All(
            children,
            child => Assert.Equal(PollEvents.POLLIN, Poll.Wait(child, PollEvents.POLLIN, TimeSpan.FromMinutes(1)).Value)
        );
        foreach (PidFd child in children)
        {
            child.Dispose();
        }

        // The gate fails rather than that the launch goes on.
        launcher.WaitForText(Report(kind == "first" ? 0 : 1, Errno.EAGAIN).TrimEnd('\n'));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(18)]
    [InlineData(22)]
    public void A_launcher_can_be_killed_before_each_step_and_the_child_goes_on(int step)
    {
        ToolResult result = Tool.Run(Probe.Path, "kill-before", step.ToString(CultureInfo.InvariantCulture));

        // Every sixth step looks for the parent.
        result.ShouldExitWith(128 + (int)Signal.SIGKILL);
        Assert.Equal(Enumerable.Range(0, 4).Select(i => i * 6 < step ? "here" : "gone"), result.Lines);
    }

    [Fact]
    public void A_launcher_can_be_killed_by_a_child_that_does_not_see_it()
    {
        Require.Root();

        ToolResult result = Tool.Run(Probe.Path, "kill-from-pid-namespace");

        result.ShouldExitWith(128 + (int)Signal.SIGKILL);
        Assert.Equal("on its own\n", result.Output);
    }

    [Fact]
    public void A_launcher_that_is_killed_before_a_gate_takes_the_child_along()
    {
        ToolResult result = Tool.Run(Probe.Path, "kill-before-gate");

        result.ShouldExitWith(128 + (int)Signal.SIGKILL);
        Assert.Equal(Report(step: 1, Errno.EAGAIN), result.Output);
    }

    [Theory]
    [InlineData("first")]
    [InlineData("spawned")]
    public void A_child_that_was_left_goes_on_when_its_launcher_has_ended(string kind)
    {
        using RunningTool launcher = Tool.Start(Probe.Path, "leave", kind);
        launcher.WaitForText("left");
        string[] words = launcher.Output.Trim().Split(' ');
        int child = int.Parse(words[^1], CultureInfo.InvariantCulture);
        using PidFd process = PidFds.Open(child).OrThrow("open");

        // The child has the launcher's standard input, on which it waits, and output.
        launcher.Input.Write("x");
        ToolResult result = launcher.Wait();

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("went on\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(PollEvents.POLLIN, Poll.Wait(process, PollEvents.POLLIN, TimeSpan.FromMinutes(1)).Value);
    }

    [Fact]
    public void A_launcher_that_leaves_what_must_not_be_traced_stays_closed()
    {
        ToolResult result = Tool.Run(Probe.Path, "leave-undumpable");

        Assert.Equal("0\n", result.ShouldSucceed().Output);
    }

    // The parent that the signal speaks of is the launching thread, not who waits in its stead.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_program_that_is_to_die_with_its_launcher_does_and_not_before(bool gated, bool spawned)
    {
        LaunchPlanBuilder plan = new();
        if (spawned)
        {
            plan.Spawn();
        }

        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        plan.Call(
            "die with the launcher",
            Syscall.prctl,
            Argument.Flags(PrctlOption.PR_SET_PDEATHSIG),
            Argument.Flags(Signal.SIGKILL)
        );
        plan.Execute("/bin/sleep", "1000");
        LaunchPlan built = plan.Build();
        LaunchedProcess? process = null;
        OwnThread.Run(() =>
        {
            process = Launches.Make(built);
            Launches.WaitUntilAsleep(process.ProcessId);
            Assert.Equal("sleep", ProcStat.Read(process.ProcessId).OrThrow("stat").Command);
        });

        using (process)
        {
            Assert.Equal(128 + (int)Signal.SIGKILL, Launches.Wait(process!));
        }
    }

    [Theory]
    [InlineData("fail", "enter '/missing': ENOENT\n")]
    [InlineData("fail-spawned", "enter '/missing': ENOENT\n")]
    [InlineData("succeed", "launched\n")]
    public void A_launcher_that_was_started_with_SIGCHLD_ignored_still_knows(string what, string said)
    {
        ToolResult result = Tool.Run("sh", "-c", $"trap '' CHLD; exec '{Probe.Path}' {what}");

        Assert.Equal(said, result.Output);
    }

    // Two words of 64 bits; the line feed is added where lines are read.
    private static string Report(int step, Errno errno) =>
        $"{(char)step}{new string('\0', 7)}{(char)(int)errno}{new string('\0', 7)}\n";
}
