using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>The descriptors that a program finds open.</summary>
public sealed class DescriptorTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_plan_that_closes_them_leaves_the_program_none_of_the_launchers(bool gated, bool spawned)
    {
        // Some that would be inherited.
        using PipePair pipe = Pipes.Create().OrThrow("pipe");
        DescriptorTable.SetCloseOnExec(pipe.ReadEnd, on: false).OrThrow("fcntl");
        DescriptorTable.SetCloseOnExec(pipe.WriteEnd, on: false).OrThrow("fcntl");
        LaunchPlanBuilder plan = new();
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        if (spawned)
        {
            plan.Spawn();
        }

        string open = Launches.Output(
            plan,
            builder =>
            {
                builder.Call(
                    "close all but the streams",
                    Syscall.close_range,
                    3,
                    uint.MaxValue,
                    Argument.Flags(CloseRangeFlags.CLOSE_RANGE_CLOEXEC)
                );

                // The directory that the shell itself looks into is closed by then.
                builder.Shell("for fd in /proc/$$/fd/*; do [ -e $fd ] && echo ${fd##*/}; done; true");
            }
        );

        Assert.Equal("0\n1\n2\n", open);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_launch_itself_opens_is_closed_when_the_program_is_executed(bool gated)
    {
        LaunchPlanBuilder plan = new();
        _ = plan.Launcher;
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        string open = Launches.Output(
            plan,
            builder => builder.Shell("for fd in /proc/$$/fd/*; do readlink $fd; done; true")
        );

        Assert.DoesNotContain("eventfd", open, StringComparison.Ordinal);
        Assert.DoesNotContain("pidfd", open, StringComparison.Ordinal);
    }

    [Fact]
    public void A_launch_closes_what_it_opened()
    {
        LaunchPlanBuilder plan = new();
        _ = plan.Launcher;
        plan.Spawn();
        int gate = plan.Gate("wait for the launcher");
        plan.Execute("/bin/true");
        using PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(gate);
        PidFd process;
        pending.OpenGate();
        using (LaunchedProcess launched = pending.Complete())
        {
            process = launched.Process;
            Launches.Wait(launched);
            Assert.NotEqual(-1, process.Number);
        }

        Assert.Equal(-1, process.Number);
    }
}
