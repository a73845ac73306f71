using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>Plans that are really launched, by this very process.</summary>
public sealed class LauncherTests
{
    [Fact]
    public void A_program_runs_and_its_exit_code_is_known()
    {
        using LaunchedProcess process = Launcher.Launch(Shell("exit 7"));

        Assert.Equal(7, PidFds.Wait(process.Process).Value!.Value.Status.ExitCode);
    }

    [Fact]
    public void A_failing_step_is_named_with_its_errno()
    {
        LaunchPlanBuilder plan = new();
        plan.Call("ask for the user", Syscall.getuid);
        plan.Call("enter '/missing'", Syscall.chdir, "/missing");
        Execute(plan, "exit 0");

        LaunchException e = Assert.Throws<LaunchException>(() => Launcher.Launch(plan.Build()));

        Assert.Equal(new LaunchFailure(1, "enter '/missing'", Errno.ENOENT), e.Failure);
        Assert.Equal("enter '/missing': ENOENT", e.Message);
    }

    [Fact]
    public void A_child_waits_at_its_gates_until_they_are_opened()
    {
        LaunchPlanBuilder plan = new();
        Slot parent = plan.NewSlot("the parent");
        int first = plan.Gate("wait for the parent");
        plan.CallInto(parent, "ask for the parent", Syscall.getppid);
        int second = plan.Gate("wait once more");
        Execute(plan, "exit 3");

        using PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(first);
        Assert.Equal(0, pending[parent]);
        pending.OpenGate();
        pending.WaitForGate(second);
        Assert.Equal(Environment.ProcessId, pending[parent]);
        pending.OpenGate();
        using LaunchedProcess process = pending.Complete();

        Assert.Equal(3, PidFds.Wait(process.Process).Value!.Value.Status.ExitCode);
    }

    [Fact]
    public void A_plan_that_spawns_hands_over_the_process_that_goes_on()
    {
        LaunchPlanBuilder plan = new();
        plan.Add(new SpawnStep("go on in another process", CloneFlags.None));
        Execute(plan, "exit 5");

        using LaunchedProcess process = Launcher.Launch(plan.Build());

        Assert.Equal(5, PidFds.Wait(process.Process).Value!.Value.Status.ExitCode);
    }

    private static LaunchPlan Shell(string script)
    {
        LaunchPlanBuilder plan = new();
        Execute(plan, script);
        return plan.Build();
    }

    private static void Execute(LaunchPlanBuilder plan, string script) =>
        plan.Call(
            "execute '/bin/sh'",
            Syscall.execve,
            "/bin/sh",
            Argument.Texts(["sh", "-c", script]),
            Argument.Texts(["PATH=/usr/bin:/bin"])
        );
}
