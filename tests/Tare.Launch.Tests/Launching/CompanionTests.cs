using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>The processes that a launch makes besides its own.</summary>
public sealed class CompanionTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void They_are_handed_over_with_the_process(bool gated, bool spawned)
    {
        LaunchPlanBuilder plan = new();
        Slot companion = Companions.AddSleeping(plan);
        if (spawned)
        {
            plan.Spawn();
        }

        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        plan.Execute("/bin/sleep", "1000");

        using LaunchedProcess process = Launches.Make(plan.Build());

        PidFd handed = Assert.Single(process.Companions);
        int number = (int)process[companion];
        Assert.Equal(number, PidFds.GetProcessId(handed).OrThrow("pidfd"));
        Assert.Equal("sleep", ProcStat.Read(number).OrThrow("stat").Command);
        Assert.Equal(Environment.ProcessId, ProcStat.Read(number).OrThrow("stat").ParentId);
        Assert.NotEqual(number, process.ProcessId);
        process.Kill();
        Assert.True(Launches.IsGone(number));
        Assert.True(Launches.IsGone(process.ProcessId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void They_are_killed_and_reaped_where_the_launch_fails(bool spawned)
    {
        using PendingLaunch pending = Begin(spawned, new FailStep("fail", Errno.EPERM), out int companion);
        pending.OpenGate();

        Assert.Throws<LaunchException>(() => pending.Complete());

        Assert.True(Launches.IsGone(companion));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void They_are_killed_and_reaped_where_the_launch_is_given_up(bool spawned)
    {
        PendingLaunch pending = Begin(spawned, new FailStep("fail", Errno.EPERM), out int companion);
        int own = pending.ProcessId;

        pending.Dispose();

        Assert.True(Launches.IsGone(companion));
        Assert.True(Launches.IsGone(own));
    }

    [Fact]
    public void One_that_was_not_made_is_none()
    {
        LaunchPlanBuilder plan = new();
        plan.Companion(plan.NewSlot("a companion that nothing makes"));
        plan.Execute("/bin/true");
        using LaunchedProcess process = Launcher.Launch(plan.Build());

        Assert.Empty(process.Companions);
        Launches.Wait(process);
    }

    private static PendingLaunch Begin(bool spawned, Step last, out int companion)
    {
        LaunchPlanBuilder plan = new();
        Slot slot = Companions.AddSleeping(plan);
        if (spawned)
        {
            plan.Spawn();
        }

        int gate = plan.Gate("wait for the launcher");
        plan.Add(last);
        PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(gate);
        companion = (int)pending[slot];
        Assert.Equal("sleep", ProcStat.Read(companion).OrThrow("stat").Command);
        return pending;
    }
}
