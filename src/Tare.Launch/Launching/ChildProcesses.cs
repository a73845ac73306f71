using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>Ends children of this process for good.</summary>
internal static class ChildProcesses
{
    /// <summary>Kills a child and reaps it; one that has been reaped already is left alone.</summary>
    public static void Kill(PidFd process)
    {
        PidFds.SendSignal(process, Signal.SIGKILL);
        PidFds.Wait(process, WaitOptions.WEXITED | WaitOptions.__WALL);
    }
}
