using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Probe;

/// <summary>Launches that fail or succeed.</summary>
internal static class Outcomes
{
    public static void Launch(string outcome)
    {
        LaunchPlanBuilder plan = new();
        if (outcome == "fail-spawned")
        {
            plan.Add(new SpawnStep("go on in another process", CloneFlags.None));
        }

        if (outcome != "succeed")
        {
            plan.Call("enter '/missing'", Syscall.chdir, "/missing");
        }

        plan.Call("execute '/bin/true'", Syscall.execve, "/bin/true", Argument.Texts(["true"]), Argument.Texts([]));
        using LaunchedProcess process = Launcher.Launch(plan.Build());
        PidFds.Wait(process.Process);
        Console.WriteLine("launched");
    }
}
