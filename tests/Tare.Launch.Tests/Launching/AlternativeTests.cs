using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>Calls that this kernel, or a filter, does not have.</summary>
public sealed class AlternativeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_call_that_is_missing_leads_to_the_alternative(bool missing)
    {
        LaunchPlanBuilder plan = new();
        Slot way = plan.NewSlot("the way that was gone");
        Label alternative = plan.NewLabel("the old call");
        Label end = plan.NewLabel("the end");
        plan.Add(
            new CallStep(
                "open by openat2",
                Syscall.openat2,
                [Argument.WorkingDirectory, "/dev/null", Argument.OpenHow(OpenFlags.O_CLOEXEC, ResolveFlags.None), 24]
            )
            {
                Branches = [new Branch(Errno.ENOSYS, alternative)],
            }
        );
        plan.CallInto(way, "go the new way", Syscall.umask, 1);
        plan.Add(new JumpStep("it is open", end));
        plan.Place(alternative);
        plan.Call(
            "open by openat",
            Syscall.openat,
            Argument.WorkingDirectory,
            "/dev/null",
            Argument.Flags(OpenFlags.O_CLOEXEC),
            0
        );
        plan.Call("have a mask of its own", Syscall.umask, 0x1A);
        plan.CallInto(way, "go the old way", Syscall.umask, 0x1A);
        plan.Place(end);
        plan.Execute("/bin/true");
        LaunchPlan built = plan.Build();
        long gone = 0;

        CallFilter.Run(
            new CallFilter(missing ? Syscall.openat2 : Syscall.acct, Errno.ENOSYS),
            () =>
            {
                using LaunchedProcess process = Launcher.Launch(built);
                Launches.Wait(process);
                gone = process[way];
            }
        );

        Assert.Equal(missing, gone == 0x1A);
    }

    [Fact]
    public void A_call_that_is_missing_and_has_no_alternative_is_a_failure()
    {
        LaunchPlanBuilder plan = new();
        plan.Call("ask the new way", Syscall.landlock_create_ruleset, 0, 0, 1);
        LaunchPlan built = plan.Build();
        LaunchFailure? failure = null;

        CallFilter.Run(
            new CallFilter(Syscall.landlock_create_ruleset, Errno.ENOSYS),
            () => failure = Assert.Throws<LaunchException>(() => Launcher.Launch(built)).Failure
        );

        Assert.Equal(new LaunchFailure(0, "ask the new way", Errno.ENOSYS), failure);
    }

    [Fact]
    public void A_call_that_this_architecture_never_had_is_missing_too()
    {
        LaunchPlanBuilder plan = new();
        Slot result = plan.NewSlot("the result");
        plan.Add(
            new CallStep("call what nobody has", Syscall.afs_syscall, [])
            {
                Result = result,
                Tolerated = [Errno.ENOSYS],
            }
        );
        plan.Execute("/bin/true");
        using LaunchedProcess process = Launcher.Launch(plan.Build());
        Launches.Wait(process);

        Assert.Equal(-(long)Errno.ENOSYS, process[result]);
    }
}
