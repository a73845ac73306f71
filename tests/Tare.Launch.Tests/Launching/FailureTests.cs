using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>What is known of a step that fails: its index, its words, its errno; and that nothing is left of the launch.</summary>
public sealed class FailureTests
{
    private const string Words = "do what fails";

    /// <summary>How a step fails.</summary>
    public enum Kind
    {
        Call,
        Check,
        Fail,
        Program,
    }

    /// <summary>Where the step stands.</summary>
    public enum Place
    {
        NoGate,
        BeforeTheGate,
        AfterTheGate,
    }

    public static MatrixTheoryData<Kind, Place, bool> Failures =>
        new(Enum.GetValues<Kind>(), Enum.GetValues<Place>(), [false, true]);

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_step_that_fails_is_named_with_its_errno(Kind kind, Place place, bool spawned)
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the failure report");
        plan.FailureReport = report;
        plan.Call("ask for the user", Syscall.getuid);
        if (spawned)
        {
            plan.Spawn();
        }

        if (place == Place.AfterTheGate)
        {
            plan.Gate("wait for the launcher");
        }

        Errno errno = AddFailure(plan, kind);
        if (place == Place.BeforeTheGate)
        {
            plan.Gate("wait for the launcher");
        }

        plan.Execute("/bin/true");
        LaunchPlan built = plan.Build();
        using PipePair pipe = Pipes.Create().OrThrow("pipe");

        LaunchException e = Assert.Throws<LaunchException>(() =>
            Launches.Make(built, new LaunchInputs().Add(report, pipe.WriteEnd))
        );

        int step = built.IndexOf(Words);
        Assert.Equal(new LaunchFailure(step, Words, errno), e.Failure);
        Assert.Equal($"{Words}: {errno}", e.Message);
        Assert.Null(e.Hint);
        pipe.WriteEnd.Dispose();
        byte[] reported = Files.ReadToEnd(pipe.ReadEnd, 64).OrThrow("read");
        Assert.Equal(16, reported.Length);
        Assert.Equal(step, BinaryPrimitives.ReadInt64LittleEndian(reported));
        Assert.Equal((long)errno, BinaryPrimitives.ReadInt64LittleEndian(reported.AsSpan(8)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_spawn_itself_may_fail(bool gated)
    {
        LaunchPlanBuilder plan = new();
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        // A thread must share signal handlers.
        plan.Add(new SpawnStep(Words, CloneFlags.CLONE_SIGHAND | CloneFlags.CLONE_CLEAR_SIGHAND));
        plan.Execute("/bin/true");
        LaunchPlan built = plan.Build();

        LaunchException e = Assert.Throws<LaunchException>(() => Launches.Make(built));

        Assert.Equal(new LaunchFailure(built.IndexOf(Words), Words, Errno.EINVAL), e.Failure);
    }

    [Fact]
    public void A_gate_fails_where_the_plan_has_closed_what_it_waits_for()
    {
        LaunchPlanBuilder plan = new();
        plan.Call("close everything", Syscall.close_range, 3, uint.MaxValue, 0);
        int gate = plan.Gate(Words);
        plan.Execute("/bin/true");
        using PendingLaunch pending = Launcher.Begin(plan.Build());

        LaunchException e = Assert.Throws<LaunchException>(() =>
        {
            pending.WaitForGate(gate);
            pending.Complete();
        });

        Assert.Equal(new LaunchFailure(1, Words, Errno.EBADF), e.Failure);
    }

    // As an init that cannot be executed takes its PID namespace with it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_several_processes_that_fail_the_first_is_named(bool gated)
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the failure report");
        plan.FailureReport = report;
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        Companions.Begin(plan, out Label go);
        plan.Add(new FailStep(Words, Errno.ENOTTY));
        plan.Place(go);
        plan.Add(new FailStep("do what fails because of that", Errno.ECHILD));
        LaunchPlan built = plan.Build();
        using PipePair pipe = Pipes.Create().OrThrow("pipe");

        LaunchException e = Assert.Throws<LaunchException>(() =>
            Launches.Make(built, new LaunchInputs().Add(report, pipe.WriteEnd))
        );

        Assert.Equal(new LaunchFailure(built.IndexOf(Words), Words, Errno.ENOTTY), e.Failure);
        pipe.WriteEnd.Dispose();
        byte[] reported = Files.ReadToEnd(pipe.ReadEnd, 64).OrThrow("read");
        Assert.Equal([built.IndexOf(Words), (long)Errno.ENOTTY], MemoryMarshal.Cast<byte, long>(reported).ToArray());
    }

    [Fact]
    public void A_failure_report_that_nobody_reads_changes_nothing()
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the failure report");
        plan.FailureReport = report;
        plan.Execute("/missing");
        using PipePair pipe = Pipes.Create().OrThrow("pipe");
        pipe.ReadEnd.Dispose();

        LaunchException e = Assert.Throws<LaunchException>(() =>
            Launcher.Launch(plan.Build(), new LaunchInputs().Add(report, pipe.WriteEnd))
        );

        Assert.Equal(new LaunchFailure(0, "execute '/missing'", Errno.ENOENT), e.Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_plan_without_a_program_is_done_when_its_process_exits_with_0(bool spawned)
    {
        LaunchPlanBuilder plan = new();
        if (spawned)
        {
            plan.Spawn();
        }

        plan.Call("ask for the user", Syscall.getuid);
        using LaunchedProcess process = Launcher.Launch(plan.Build());

        Assert.Equal(0, Launches.Wait(process));
        Assert.True(Launches.IsGone(process.ProcessId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_process_that_exits_with_another_code_has_failed(bool spawned)
    {
        LaunchPlanBuilder plan = new();
        if (spawned)
        {
            plan.Spawn();
        }

        plan.Call(Words, Syscall.exit_group, 7);
        LaunchPlan built = plan.Build();

        LaunchException e = Assert.Throws<LaunchException>(() => Launcher.Launch(built));

        Assert.Equal(new LaunchFailure(built.IndexOf(Words), Words, Errno.None, ExitStatus.Exited(7)), e.Failure);
        Assert.Equal($"{Words}: the process was ended by exit code 7", e.Message);
    }

    private static Errno AddFailure(LaunchPlanBuilder plan, Kind kind)
    {
        switch (kind)
        {
            case Kind.Call:
                plan.Call(Words, Syscall.chdir, "/dev/null");
                return Errno.ENOTDIR;
            case Kind.Check:
                Scratch memory = plan.NewScratch("memory", [1, 2, 3, 4]);
                plan.Add(new CheckStep(Words, memory, 0, 4, uint.MaxValue, 0x04030202) { Failure = Errno.ESTALE });
                return Errno.ESTALE;
            case Kind.Fail:
                plan.Add(new FailStep(Words, Errno.EDOM));
                return Errno.EDOM;
            default:
                plan.Call(Words, Syscall.execve, "/dev/null", Argument.Texts(["null"]), Argument.Texts([]));
                return Errno.EACCES;
        }
    }
}
