using System.Globalization;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Tests.Runs;

/// <summary>Signals that reach <c>tare</c> reach the program; what ends <c>tare</c> ends everything.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    [InlineData("USR1")]
    [InlineData("USR2")]
    [InlineData("ALRM")]
    public void A_signal_is_passed_on(string name)
    {
        using RunningTool running = TareProgram.StartShell(
            $"trap 'echo caught; exit 9' {name}; echo ready; sleep 1000 & wait"
        );
        running.WaitForText("ready");

        Send(running, name);

        Assert.Equal("ready\ncaught\n", running.Wait().ShouldExitWith(9).Output);
    }

    [Fact]
    public void A_signal_that_the_program_does_not_handle_ends_it()
    {
        using RunningTool running = TareProgram.StartShell("echo ready; exec sleep 1000");
        running.WaitForText("ready");

        Send(running, "TERM");

        running.Wait().ShouldExitWith(143);
    }

    /// <summary>nohup(1).</summary>
    [Fact]
    public void A_signal_that_the_caller_ignores_is_not_passed_on()
    {
        using RunningTool running = Tool.Start(
            "sh",
            "-c",
            $"trap '' HUP; exec {Programs.Tare} run -- sh -c 'trap \"exit 5\" USR1; echo ready; sleep 1000 & wait; wait'"
        );
        running.WaitForText("ready");

        Send(running, "HUP");
        Send(running, "USR1");

        running.Wait().ShouldExitWith(5);
    }

    [Fact]
    public void The_program_has_no_signal_blocked_or_ignored_that_tare_itself_has()
    {
        string outside = Tool.Run("sh", "-c", "grep -E '^Sig(Blk|Ign)' /proc/self/status").ShouldSucceed().Output;

        // The test's own runtime ignores SIGPIPE, which sh inherits; tare gives it back its default action.
        string expected = outside.Replace("0000000000001000", "0000000000000000", StringComparison.Ordinal);
        Assert.Equal(expected, TareProgram.Shell("grep -E '^Sig(Blk|Ign)' /proc/self/status").ShouldSucceed().Output);
    }

    [Fact]
    public void What_the_program_left_running_ends_with_it()
    {
        using TemporaryDirectory folder = new();

        // The last holder of standard output is gone when this returns.
        ToolResult result = TareProgram.Shell("setsid sh -c 'trap \"\" TERM HUP INT; sleep 1000' & exit 4");

        result.ShouldExitWith(4);
    }

    [Fact]
    public void When_tare_is_killed_everything_in_the_sandbox_is()
    {
        using RunningTool running = TareProgram.StartShell(
            "setsid sh -c 'trap \"\" TERM; sleep 1000' & echo ready; sleep 1000"
        );
        running.WaitForText("ready");

        running.Kill();

        // Returns when nothing holds the streams any more.
        running.Wait().ShouldExitWith(137);
    }

    [Fact]
    public void Stopping_tare_stops_the_program_and_both_go_on()
    {
        using RunningTool running = TareProgram.StartShell(
            "trap 'echo again; exit 6' CONT; echo ready; sleep 1000 & wait"
        );
        running.WaitForText("ready");

        Send(running, "TSTP");
        SysResult<WaitOutcome?> stopped = Linux.Processes.Wait(
            running.ProcessId,
            WaitOptions.WSTOPPED | WaitOptions.WNOWAIT
        );
        Assert.Equal(Signal.SIGSTOP, stopped.OrThrow("wait")!.Value.StopSignal);
        Send(running, "CONT");

        Assert.Equal("ready\nagain\n", running.Wait().ShouldExitWith(6).Output);
    }

    private static void Send(RunningTool running, string name) =>
        Tool.Run("kill", $"-{name}", running.ProcessId.ToString(CultureInfo.InvariantCulture)).ShouldSucceed();
}
