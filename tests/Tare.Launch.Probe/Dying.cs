using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Probe;

/// <summary>A launcher that its own child kills.</summary>
internal static class Dying
{
    private const int Times = 4;

    /// <summary>The child says four times, in six steps each, whether its parent is here or gone.</summary>
    public static void AskForParents(int killBefore)
    {
        LaunchPlanBuilder plan = new();
        for (int i = 0; i < Times; i++)
        {
            AskForParent(plan);
        }

        plan.Call("end well", Syscall.exit_group, 0);
        using LaunchedProcess process = Launcher.Launch(
            plan.Build(),
            options: new LaunchOptions { KillLauncherBefore = killBefore }
        );
        PidFds.Wait(process.Process);
    }

    public static void BeforeGate()
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the failure report");
        plan.FailureReport = report;
        plan.Call("ask for the user", Syscall.getuid);
        int gate = plan.Gate("wait for the launcher");
        plan.Call("end well", Syscall.exit_group, 0);
        using FileFd output = DescriptorTable.Duplicate(Standard.Output).OrThrow("dup");
        using PendingLaunch pending = Launcher.Begin(
            plan.Build(),
            new LaunchInputs().Add(report, output),
            new LaunchOptions { KillLauncherBefore = 1 }
        );
        pending.WaitForGate(gate);
    }

    public static void InPidNamespace()
    {
        LaunchPlanBuilder plan = new() { CloneFlags = CloneFlags.CLONE_NEWPID };
        plan.Call("ask for the user", Syscall.getuid);
        plan.Call("say so", Syscall.write, 1, "on its own\n", 11);
        plan.Call("end well", Syscall.exit_group, 0);
        using LaunchedProcess process = Launcher.Launch(
            plan.Build(),
            options: new LaunchOptions { KillLauncherBefore = 1 }
        );
        PidFds.Wait(process.Process);
    }

    private static void AskForParent(LaunchPlanBuilder plan)
    {
        Slot parent = plan.NewSlot("the parent");
        Scratch word = plan.NewScratch("the parent", 8);
        Label gone = plan.NewLabel("the launcher is gone");
        Label next = plan.NewLabel("the next time");
        plan.CallInto(parent, "ask for the parent", Syscall.getppid);
        plan.Add(new StoreStep("keep it", parent, word, 0, 8));
        plan.Add(
            new CheckStep("it is the launcher", word, 0, 8, ulong.MaxValue, (ulong)Environment.ProcessId)
            {
                Otherwise = gone,
            }
        );
        plan.Call("say so", Syscall.write, 1, "here\n", 5);
        plan.Add(new JumpStep("that was it", next));
        plan.Place(gone);
        plan.Call("say that it is gone", Syscall.write, 1, "gone\n", 5);
        plan.Place(next);
    }
}
