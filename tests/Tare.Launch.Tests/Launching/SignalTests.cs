using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>What a program finds of its launcher's signals.</summary>
public sealed class SignalTests
{
    private static readonly SignalSet All = SignalSet.Full.Without(Signal.SIGKILL).Without(Signal.SIGSTOP);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_program_has_the_mask_of_the_thread_no_handler_and_SIGPIPE_back(bool gated, bool spawned) =>
        OwnThread.Run(() =>
        {
            SignalSet mask = SignalSet.Of(Signal.SIGUSR1, Signal.SIGWINCH);
            Signals.SetMask(SignalMaskHow.SIG_SETMASK, mask).OrThrow("mask");
            ProcStatus own = ProcStatus.ReadOwn().OrThrow("status");
            Assert.True(
                own.IgnoredSignals.Contains(Signal.SIGPIPE),
                "the runtime ignores SIGPIPE, or this shows nothing"
            );
            Assert.NotEqual(SignalSet.Empty, own.CaughtSignals);

            ProcStatus program = StatusOfProgram(plan => Prepare(plan, gated, spawned));

            Assert.Equal(mask, program.BlockedSignals);
            Assert.Equal(SignalSet.Empty, program.CaughtSignals);
            Assert.Equal(own.IgnoredSignals.Without(Signal.SIGPIPE), program.IgnoredSignals);
            Assert.Equal(mask, Signals.GetMask());
        });

    [Fact]
    public void A_program_that_a_branch_leads_to_has_the_mask_too()
    {
        ProcStatus program = StatusOfProgram(plan =>
        {
            Label ready = plan.NewLabel("all is ready");
            plan.Add(
                new CallStep("look for '/missing'", Syscall.chdir, ["/missing"])
                {
                    Branches = [new Branch(Errno.ENOENT, ready)],
                }
            );
            plan.Execute("/missing");
            plan.Place(ready);
        });

        Assert.Equal(SignalSet.Empty, program.BlockedSignals);
    }

    [Fact]
    public void A_program_that_is_found_second_has_the_mask_too()
    {
        ProcStatus program = StatusOfProgram(plan =>
        {
            Label next = plan.NewLabel("the next place");
            plan.Add(
                new CallStep(
                    "execute '/missing'",
                    Syscall.execve,
                    ["/missing", Argument.Texts(["missing"]), Argument.Texts([])]
                )
                {
                    Branches = [new Branch(Errno.ENOENT, next)],
                }
            );
            plan.Place(next);
        });

        Assert.Equal(SignalSet.Empty, program.BlockedSignals);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_signal_comes_between_until_the_program_is_executed(bool gated)
    {
        LaunchPlanBuilder plan = new();
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        Slot number = plan.TellNumber();
        Slot wait = plan.Block();
        plan.Execute("/bin/true");
        using PipePair numbers = Pipes.Create().OrThrow("pipe");
        using PipePair pipe = Pipes.Create().OrThrow("pipe");
        LaunchInputs inputs = new LaunchInputs().Add(number, numbers.WriteEnd).Add(wait, pipe.ReadEnd);
        LaunchPlan built = plan.Build();
        int thread = 0;
        using ManualResetEventSlim begins = new();
        Thread launcher = new(() =>
        {
            thread = Processes.GetThreadId();
            begins.Set();
            using LaunchedProcess process = Launches.Make(built, inputs);
            Launches.Wait(process);
        });
        launcher.Start();
        begins.Wait(TestContext.Current.CancellationToken);
        int child = Launches.ReadNumber(numbers.ReadEnd);

        // A handler would run this program's code in the child.
        Assert.Equal(All, ProcStatus.Read(child).OrThrow("status").BlockedSignals);
        Assert.Equal(SignalSet.Empty, ProcStatus.Read(child).OrThrow("status").CaughtSignals);
        SignalSet launching = ProcStatus.Read(thread).OrThrow("status").BlockedSignals;

        // A launcher that is waited for goes on with its own mask; one that waits in the clone has none yet.
        Assert.Equal(gated ? SignalSet.Empty : All, launching);
        Files.Write(pipe.WriteEnd, "x"u8).OrThrow("write");
        launcher.Join();
    }

    private static void Prepare(LaunchPlanBuilder plan, bool gated, bool spawned)
    {
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        if (spawned)
        {
            plan.Spawn();
        }
    }

    private static ProcStatus StatusOfProgram(Action<LaunchPlanBuilder> steps) =>
        ProcStatus.Parse(
            System.Text.Encoding.UTF8.GetBytes(
                Launches.Output(
                    new LaunchPlanBuilder(),
                    plan =>
                    {
                        steps(plan);
                        plan.Execute("/bin/cat", "/proc/self/status");
                    }
                )
            )
        );
}
