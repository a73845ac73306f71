using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Probe;

/// <summary>Launches that the system forbids.</summary>
internal static class Refused
{
    public static void NetworkNamespace()
    {
        LaunchPlanBuilder plan = new() { CloneFlags = CloneFlags.CLONE_NEWNET };
        plan.Call("end well", Syscall.exit_group, 0);
        using LaunchedProcess process = Launcher.Launch(plan.Build());
        PidFds.Wait(process.Process);
    }
}
