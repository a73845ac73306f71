using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>A child that somebody kills is a failure that says so, at whatever step; never a launch that hangs.</summary>
public sealed class KilledChildTests
{
    private const string AtGate = "wait for the launcher";
    private const string AtPipe = "wait for the pipe";
    private const string Reason = "something killed it: a memory limit, or another process";

    private static readonly ExitStatus Killed = ExitStatus.Killed(Signal.SIGKILL);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_a_gate(bool spawned)
    {
        LaunchPlanBuilder plan = new();
        AddSpawn(plan, spawned);
        int gate = plan.Gate(AtGate);
        plan.Gate("wait once more");
        plan.Execute("/bin/true");
        LaunchPlan built = plan.Build();
        using PendingLaunch pending = Launcher.Begin(built);
        pending.WaitForGate(gate);
        int child = pending.ProcessId;

        Kill(child);
        LaunchException e = Assert.Throws<LaunchException>(() => pending.WaitForGate(gate + 1));

        Assert.Equal(new LaunchFailure(built.IndexOf(AtGate), AtGate, Errno.None, Killed), e.Failure);
        Assert.Equal($"{AtGate}: the process was ended by SIGKILL ({Reason})", e.Message);
        Assert.True(Launches.IsGone(child));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void At_a_step_that_takes_long(bool gated, bool spawned)
    {
        LaunchPlanBuilder plan = new();
        if (gated)
        {
            plan.Gate(AtGate);
        }

        AddSpawn(plan, spawned);
        Slot number = plan.TellNumber();
        Slot wait = plan.Block();
        plan.Execute("/bin/true");
        LaunchPlan built = plan.Build();
        using PipePair numbers = Pipes.Create().OrThrow("pipe");
        using PipePair pipe = Pipes.Create().OrThrow("pipe");
        LaunchInputs inputs = new LaunchInputs().Add(number, numbers.WriteEnd).Add(wait, pipe.ReadEnd);
        LaunchException? e = null;
        Thread launcher = new(() => e = Assert.Throws<LaunchException>(() => Launches.Make(built, inputs)));
        launcher.Start();
        int child = Launches.ReadNumber(numbers.ReadEnd);
        Launches.WaitUntilAsleep(child);

        Kill(child);
        launcher.Join();

        Assert.Equal(new LaunchFailure(built.IndexOf(AtPipe), AtPipe, Errno.None, Killed), e!.Failure);
        Assert.Equal(Reason, e.Hint);
        Assert.True(Launches.IsGone(child));
    }

    [Fact]
    public void While_the_process_that_it_spawned_goes_on()
    {
        LaunchPlanBuilder plan = new();
        int before = plan.Gate("wait in the first process");
        plan.Spawn();
        int after = plan.Gate(AtGate);
        plan.Execute("/bin/true");
        using PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(before);
        int first = pending.ProcessId;
        pending.OpenGate();
        pending.WaitForGate(after);
        int spawned = pending.ProcessId;
        Assert.NotEqual(first, spawned);

        Kill(first);
        Assert.Throws<LaunchException>(() => pending.Complete());

        Assert.True(Launches.IsGone(first));
        Assert.True(Launches.IsGone(spawned));
    }

    [Fact]
    public void While_the_process_that_it_spawned_takes_long_and_then_would_succeed()
    {
        LaunchPlanBuilder plan = new();
        int before = plan.Gate("wait in the first process");
        plan.Spawn();
        Slot number = plan.TellNumber();
        Slot wait = plan.Block();
        plan.Execute("/bin/true");
        using PipePair numbers = Pipes.Create().OrThrow("pipe");
        using PipePair pipe = Pipes.Create().OrThrow("pipe");
        LaunchInputs inputs = new LaunchInputs().Add(number, numbers.WriteEnd).Add(wait, pipe.ReadEnd);
        using PendingLaunch pending = Launcher.Begin(plan.Build(), inputs);
        pending.WaitForGate(before);
        int first = pending.ProcessId;
        pending.OpenGate();
        int spawned = Launches.ReadNumber(numbers.ReadEnd);

        Kill(first);
        Assert.Throws<LaunchException>(() => pending.Complete());

        Assert.True(Launches.IsGone(spawned));
    }

    [Fact]
    public void By_another_signal_than_SIGKILL()
    {
        LaunchPlanBuilder plan = new();
        Slot number = plan.NewSlot("its number");
        plan.CallInto(number, "ask for its number", Syscall.getpid);
        Scratch mask = plan.NewScratch("no signals", 8);
        plan.Call("let signals in", Syscall.rt_sigprocmask, 2, mask, 0, 8);
        plan.Call("end itself", Syscall.kill, number, Argument.Flags(Signal.SIGTERM));
        plan.Execute("/bin/true");

        LaunchException e = Assert.Throws<LaunchException>(() => Launcher.Launch(plan.Build()));

        Assert.Equal("end itself: the process was ended by SIGTERM", e.Message);
    }

    private static void AddSpawn(LaunchPlanBuilder plan, bool spawned)
    {
        if (spawned)
        {
            plan.Spawn();
        }
    }

    private static void Kill(int child) => Processes.Kill(child, Signal.SIGKILL).OrThrow("kill");
}
