using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>When each step of a launch ended.</summary>
public sealed class TraceTests
{
    private static readonly LaunchOptions Traced = new() { Trace = true };

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Each_step_that_ended_has_its_time_and_they_rise(bool gated, bool spawned)
    {
        LaunchPlanBuilder plan = new();
        Label missing = plan.NewLabel("the directory is missing");
        plan.Call("ask for the user", Syscall.getuid);
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        if (spawned)
        {
            plan.Spawn();
        }

        plan.Add(
            new CallStep("enter '/missing'", Syscall.chdir, ["/missing"])
            {
                Branches = [new Branch(Errno.ENOENT, missing)],
            }
        );
        plan.Call("pass over this", Syscall.getuid);
        plan.Place(missing);
        plan.Call("ask for the group", Syscall.getgid);
        plan.Execute("/bin/true");
        LaunchPlan built = plan.Build();
        long before = System.Diagnostics.Stopwatch.GetTimestamp();

        using LaunchedProcess process = Launches.Make(built, options: Traced);

        TimeSpan elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(before);
        Launches.Wait(process);
        LaunchTrace trace = process.Trace!;
        Assert.Equal(built.Steps.Length, trace.Ends.Length);
        string[] unended = [.. built.Steps.Where((_, i) => trace.Ends[i] is null).Select(step => step.Words)];
        Assert.Equal(["enter '/missing'", "pass over this", "execute '/bin/true'"], unended);
        TimeSpan[] times = [trace.Begin, .. trace.Ends.OfType<TimeSpan>()];
        Assert.True(trace.Begin > TimeSpan.Zero);
        Assert.Equal(times.Order(), times);
        Assert.True(times[^1] - times[0] <= elapsed, $"{times[^1] - times[0]} of {elapsed}");
    }

    [Fact]
    public void Durations_are_the_times_between()
    {
        static TimeSpan At(int microseconds) => TimeSpan.FromMicroseconds(microseconds);
        LaunchTrace trace = new(At(10), [At(15), null, At(40), At(40), null]);

        Assert.Equal([At(5), null, At(25), At(0), null], trace.Durations());
    }

    [Fact]
    public void A_wait_at_a_gate_belongs_to_the_gate()
    {
        LaunchPlanBuilder plan = new();
        int gate = plan.Gate("wait for the launcher");
        plan.Call("ask for the user", Syscall.getuid);
        plan.Execute("/bin/true");
        using PendingLaunch pending = Launcher.Begin(plan.Build(), options: Traced);
        pending.WaitForGate(gate);
        TimeSpan seen = System.Diagnostics.Stopwatch.GetElapsedTime(0);
        pending.OpenGate();
        using LaunchedProcess process = pending.Complete();
        Launches.Wait(process);

        // Both clocks are CLOCK_MONOTONIC.
        Assert.True(process.Trace!.Begin <= seen);
        Assert.True(process.Trace.Ends[0] >= seen);
    }

    [Fact]
    public void Without_being_asked_for_there_is_none()
    {
        LaunchPlanBuilder plan = new();
        plan.Execute("/bin/true");
        using LaunchedProcess process = Launcher.Launch(plan.Build());
        Launches.Wait(process);

        Assert.Null(process.Trace);
    }
}
