using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>The process that waits inside the clone where the launcher cannot, because the child waits for it.</summary>
[Collection(nameof(Alone))]
public sealed class HolderTests
{
    [Fact]
    public void It_lasts_as_long_as_the_launch()
    {
        int[] before = Launches.Children();
        using PendingLaunch pending = Begin(spawned: false, out _);
        int holder = Assert.Single(Launches.Children().Except(before), child => child != pending.ProcessId);
        Assert.Equal('D', ProcStat.Read(holder).OrThrow("stat").State);

        pending.OpenGate();
        using LaunchedProcess process = pending.Complete();

        Assert.True(Launches.IsGone(holder));
        Launches.Wait(process);
        Assert.Equal(before, Launches.Children());
    }

    [Fact]
    public void A_launch_without_gates_has_none()
    {
        int[] before = Launches.Children();
        LaunchPlanBuilder plan = new();
        plan.Execute("/bin/sleep", "1000");
        using LaunchedProcess process = Launcher.Launch(plan.Build());

        Assert.Equal([process.ProcessId], Launches.Children().Except(before));
        process.Kill();
    }

    [Fact]
    public void It_goes_with_a_launch_that_is_given_up()
    {
        int[] before = Launches.Children();
        PendingLaunch pending = Begin(spawned: true, out _);
        Assert.Equal(3, Launches.Children().Except(before).Count());

        pending.Dispose();

        Assert.Equal(before, Launches.Children());
    }

    // Two processes that only waited for the child are not left with it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_goes_when_the_child_is_left_to_itself(bool spawned)
    {
        int[] before = Launches.Children();
        PendingLaunch pending = Begin(spawned, out int child);

        pending.Leave();

        // The gate was not opened, so the child waits on.
        Assert.Equal([child], Launches.Children().Except(before));
        LaunchedChildren.Kill(child);
        Assert.Equal(before, Launches.Children());
    }

    [Fact]
    public void A_launch_does_not_need_it_any_more_once_it_has_begun()
    {
        int[] before = Launches.Children();
        using PendingLaunch pending = Begin(spawned: false, out int child);
        int holder = Assert.Single(Launches.Children().Except(before), number => number != child);

        Processes.Kill(holder, Signal.SIGKILL).OrThrow("kill");
        pending.OpenGate();
        using LaunchedProcess process = pending.Complete();

        Assert.Equal(0, Launches.Wait(process));
        Assert.Equal(before, Launches.Children());
    }

    private static PendingLaunch Begin(bool spawned, out int child)
    {
        LaunchPlanBuilder plan = new();
        if (spawned)
        {
            plan.Spawn();
        }

        int gate = plan.Gate("wait for the launcher");
        plan.Execute("/bin/true");
        PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(gate);
        child = pending.ProcessId;
        return pending;
    }
}
