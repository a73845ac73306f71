using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Probe;

/// <summary>A launcher that ends before its child has executed its program.</summary>
internal static class Leaving
{
    public static void Leave(bool spawns)
    {
        LaunchPlanBuilder plan = new();
        if (spawns)
        {
            plan.Add(new SpawnStep("go on in another process", CloneFlags.None));
        }

        int gate = plan.Gate("wait for the launcher");
        plan.Call("wait for a byte", Syscall.read, 0, plan.NewScratch("the byte", 8), 1);
        plan.Call(
            "execute '/bin/echo'",
            Syscall.execve,
            "/bin/echo",
            Argument.Texts(["echo", "went on"]),
            Argument.Texts([])
        );
        PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(gate);
        pending.OpenGate();
        int child = pending.ProcessId;
        pending.Leave();
        Console.WriteLine($"left {child}");
    }

    public static void LeaveUndumpable()
    {
        LaunchPlanBuilder plan = new() { Undumpable = true };
        int gate = plan.Gate("wait for the launcher");
        plan.Call("end well", Syscall.exit_group, 0);
        PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(gate);
        pending.OpenGate();
        pending.Leave();
        Console.WriteLine(Prctl.GetDumpable());
    }
}
