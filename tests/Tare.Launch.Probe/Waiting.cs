using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Probe;

/// <summary>A launcher that never opens the gate at which its child waits.</summary>
internal static class Waiting
{
    public static void AtGate(bool spawns)
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the failure report");
        plan.FailureReport = report;
        if (spawns)
        {
            plan.Add(new SpawnStep("go on in another process", CloneFlags.None));
        }

        int gate = plan.Gate("wait for the launcher");
        plan.Call("end well", Syscall.exit_group, 0);
        using FileFd output = DescriptorTable.Duplicate(Standard.Output).OrThrow("dup");
        using PendingLaunch pending = Launcher.Begin(plan.Build(), new LaunchInputs().Add(report, output));
        pending.WaitForGate(gate);
        Console.WriteLine("at the gate");
        Console.ReadLine();
    }
}
