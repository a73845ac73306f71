using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>Whether this process may be traced, which a child that shares its memory has a say in.</summary>
[Collection(nameof(Alone))]
public sealed class DumpableTests
{
    [Fact]
    public void A_child_that_gives_up_root_takes_it_away_and_the_end_of_the_launch_brings_it_back()
    {
        Require.Root();
        Assert.Equal(1, Prctl.GetDumpable());
        using PendingLaunch pending = BeginAsNobody(undumpable: false);
        Assert.NotEqual(1, Prctl.GetDumpable());

        End(pending);

        Assert.Equal(1, Prctl.GetDumpable());
    }

    [Fact]
    public void So_does_a_launch_in_one_go_and_one_that_fails()
    {
        Require.Root();
        LaunchPlanBuilder good = new();
        good.BecomeNobody();
        good.Execute("/bin/true");
        using (LaunchedProcess process = Launcher.Launch(good.Build()))
        {
            Launches.Wait(process);
        }

        Assert.Equal(1, Prctl.GetDumpable());
        LaunchPlanBuilder bad = new();
        bad.BecomeNobody();
        bad.Execute("/missing");
        Assert.Throws<LaunchException>(() => Launcher.Launch(bad.Build()));

        Assert.Equal(1, Prctl.GetDumpable());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Launches_that_overlap_bring_it_back_in_any_order(bool firstEndsFirst)
    {
        Require.Root();
        using PendingLaunch first = BeginAsNobody(undumpable: false);
        using PendingLaunch second = BeginAsNobody(undumpable: false);

        End(firstEndsFirst ? first : second);
        End(firstEndsFirst ? second : first);

        Assert.Equal(1, Prctl.GetDumpable());
    }

    [Fact]
    public void While_a_launch_that_must_not_be_traced_is_pending_no_other_opens_the_memory()
    {
        Require.Root();
        using PendingLaunch closed = BeginAsNobody(undumpable: true);
        Assert.Equal(0, Prctl.GetDumpable());
        using PendingLaunch other = BeginAsNobody(undumpable: false);
        End(other);
        Assert.NotEqual(1, Prctl.GetDumpable());
        using PendingLaunch another = BeginAsNobody(undumpable: true);
        End(closed);
        Assert.NotEqual(1, Prctl.GetDumpable());

        another.Dispose();

        Assert.Equal(1, Prctl.GetDumpable());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void A_child_that_is_said_to_be_sealed_can_be_looked_at_if_this_process_could_before(int before)
    {
        Require.Root();
        using PipePair pipe = Pipes.Create().OrThrow("pipe");
        LaunchPlanBuilder plan = new();
        Slot start = plan.NewInput("the word");
        Scratch word = plan.NewScratch("what was said", 1);
        plan.BecomeNobody();
        plan.Seal("go on alone");
        plan.Call("wait for the word", Syscall.read, start, word, 1);
        plan.Execute("/bin/true");
        Prctl.SetDumpable(before);
        try
        {
            using PendingLaunch pending = Launcher.Begin(plan.Build(), new LaunchInputs().Add(start, pipe.ReadEnd));

            // The kernel says that it is sealed a moment before it is.
            pending.WaitForSeal();

            Assert.Equal(before == 1, Prctl.GetDumpable() == 1);
            Files.Write(pipe.WriteEnd, "!"u8).OrThrow("write");
            using LaunchedProcess process = pending.Complete();
            Assert.Equal(0, Launches.Wait(process));
            Assert.Equal(before, Prctl.GetDumpable());
        }
        finally
        {
            Prctl.SetDumpable(1);
        }
    }

    [Fact]
    public void What_is_opened_to_joining_is_not_while_another_launch_must_not_be_traced()
    {
        Require.Root();
        using PendingLaunch closed = BeginAsNobody(undumpable: true);
        using PendingLaunch other = BeginAsNobody(undumpable: false);

        other.OpenToJoining();
        Assert.NotEqual(1, Prctl.GetDumpable());
        End(closed);
        other.OpenToJoining();
        Assert.Equal(1, Prctl.GetDumpable());

        End(other);
    }

    [Fact]
    public void A_launch_that_could_not_be_made_leaves_it_as_it_was()
    {
        LaunchPlanBuilder plan = new() { Undumpable = true };
        plan.Cgroup = plan.NewInput("no cgroup");
        plan.Execute("/bin/true");

        Assert.Throws<LaunchException>(() =>
            Launcher.Launch(plan.Build(), new LaunchInputs().Add(plan.Cgroup, 1_000_000))
        );

        Assert.Equal(1, Prctl.GetDumpable());
    }

    // The child waits after it has become nobody.
    private static PendingLaunch BeginAsNobody(bool undumpable)
    {
        LaunchPlanBuilder plan = new() { Undumpable = undumpable };
        plan.BecomeNobody();
        int gate = plan.Gate("wait for the launcher");
        plan.Execute("/bin/true");
        PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(gate);
        return pending;
    }

    private static void End(PendingLaunch pending)
    {
        pending.OpenGate();
        using LaunchedProcess process = pending.Complete();
        Assert.Equal(0, Launches.Wait(process));
    }
}
