using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>Points at which a child waits for its launcher.</summary>
public sealed class GateTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_child_waits_at_each_until_it_is_opened(bool spawned)
    {
        LaunchPlanBuilder plan = new();
        Slot parent = plan.NewSlot("the parent");
        Slot user = plan.NewSlot("the user");
        int first = plan.Gate("wait for the parent");
        if (spawned)
        {
            plan.Spawn();
        }

        plan.CallInto(parent, "ask for the parent", Syscall.getppid);
        int second = plan.Gate("wait once more");
        plan.CallInto(user, "have a number", Syscall.getpid);
        plan.Shell("exit 3");

        using PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(first);
        Launches.WaitUntilAsleep(pending.ProcessId);
        Assert.Equal(0, pending[parent]);
        pending.OpenGate();
        pending.WaitForGate(second);
        Assert.Equal(Environment.ProcessId, pending[parent]);
        Assert.Equal(0, pending[user]);
        int number = pending.ProcessId;
        pending.OpenGate();
        using LaunchedProcess process = pending.Complete();

        Assert.Equal((number, number), (process.ProcessId, (int)process[user]));
        Assert.Equal(3, Launches.Wait(process));
    }

    [Fact]
    public void They_may_all_be_opened_in_advance()
    {
        LaunchPlanBuilder plan = new();
        for (int i = 0; i < 5; i++)
        {
            plan.Gate($"wait {i}");
        }

        plan.Shell("exit 4");
        using PendingLaunch pending = Launcher.Begin(plan.Build());
        for (int i = 0; i < 5; i++)
        {
            pending.OpenGate();
        }

        using LaunchedProcess process = pending.Complete();

        Assert.Equal(4, Launches.Wait(process));
    }

    [Fact]
    public void To_wait_for_one_that_the_child_has_passed_is_no_wait()
    {
        LaunchPlanBuilder plan = new();
        int first = plan.Gate("wait");
        int second = plan.Gate("wait once more");
        plan.Execute("/bin/true");
        using PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.OpenGate();
        pending.WaitForGate(second);

        pending.WaitForGate(first);

        Assert.NotEqual(0, pending.ProcessId);
    }

    [Fact]
    public void One_that_the_plans_way_passes_by_cannot_be_waited_for()
    {
        LaunchPlanBuilder plan = new();
        Label end = plan.NewLabel("the end");
        plan.Add(new JumpStep("pass by", end));
        int gate = plan.Gate("wait");
        plan.Place(end);
        plan.Execute("/bin/sleep", "1000");
        using PendingLaunch pending = Launcher.Begin(plan.Build());

        Assert.Throws<InvalidOperationException>(() => pending.WaitForGate(gate));
        using LaunchedProcess process = pending.Complete();

        process.Kill();
    }

    [Fact]
    public void A_plan_that_has_some_cannot_be_launched_in_one_go()
    {
        LaunchPlanBuilder plan = new();
        plan.Gate("wait");
        plan.Execute("/bin/true");

        ArgumentException e = Assert.Throws<ArgumentException>(() => Launcher.Launch(plan.Build()));

        Assert.StartsWith("the plan has gates", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_launch_without_any_has_none_to_open()
    {
        LaunchPlanBuilder plan = new();
        plan.Execute("/bin/true");
        using PendingLaunch pending = Launcher.Begin(plan.Build());

        Assert.Throws<InvalidOperationException>(pending.OpenGate);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void To_give_up_kills_and_reaps_who_waits(bool spawned)
    {
        LaunchPlanBuilder plan = new();
        if (spawned)
        {
            plan.Spawn();
        }

        int gate = plan.Gate("wait");
        plan.Execute("/bin/true");
        PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(gate);
        int child = pending.ProcessId;

        pending.Dispose();
        pending.Dispose();

        Assert.True(Launches.IsGone(child));
        Assert.Throws<ObjectDisposedException>(() => pending.WaitForGate(gate));
        Assert.Throws<ObjectDisposedException>(pending.Complete);
        Assert.Throws<ObjectDisposedException>(pending.Leave);
        Assert.Throws<ObjectDisposedException>(pending.OpenGate);
        Assert.Throws<ObjectDisposedException>(() => pending.ProcessId);
    }

    [Fact]
    public void A_launch_that_is_complete_is_not_undone()
    {
        LaunchPlanBuilder plan = new();
        plan.Gate("wait");
        plan.Execute("/bin/sleep", "1000");
        PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.OpenGate();
        using LaunchedProcess process = pending.Complete();

        pending.Dispose();

        Assert.False(ProcStat.Read(process.ProcessId).OrThrow("stat").HasEnded);
        Assert.Throws<ObjectDisposedException>(pending.Complete);
        process.Kill();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_launch_that_is_left_goes_on_by_itself(bool spawned)
    {
        LaunchPlanBuilder plan = new();
        if (spawned)
        {
            plan.Spawn();
        }

        int gate = plan.Gate("wait");
        Slot wait = plan.Block();
        plan.Shell("exit 6");
        using PipePair pipe = Pipes.Create().OrThrow("pipe");
        PendingLaunch pending = Launcher.Begin(plan.Build(), new LaunchInputs().Add(wait, pipe.ReadEnd));
        pending.WaitForGate(gate);
        pending.OpenGate();
        int number = pending.ProcessId;
        using PidFd child = PidFds.Open(number).OrThrow("open");

        pending.Leave();
        pending.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(Errno.None, PidFds.SendSignal(child, Signal.None).Errno);
        Files.Write(pipe.WriteEnd, "x"u8).OrThrow("write");
        Assert.Equal(6, PidFds.Wait(child).OrThrow("wait")!.Value.Status.ExitCode);
    }
}
