using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Kills every process of a group, those that are being made meanwhile included.</summary>
internal static class ControlGroupKilling
{
    private const int Rounds = 1_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Kills, and returns when they are gone.</summary>
    /// <param name="unified">The group of version 2, or null.</param>
    /// <param name="freezer">The group by which the processes can be stopped, or null.</param>
    /// <param name="any">A group that they are all in.</param>
    /// <returns>False where some are still there after ten seconds.</returns>
    public static bool Kill(CgroupNode? unified, CgroupNode? freezer, CgroupNode any)
    {
        if (unified is { } group && group.Write("cgroup.kill", "1") is var killed)
        {
            if (killed.Ok || !group.Mount.Exists(group.Path))
            {
                return group.WaitForEvent("populated 0"u8, Longest);
            }
        }

        return KillInRounds(freezer, unified ?? any);
    }

    // Before Linux 5.14. Processes may make others faster than they are listed: they are stopped first, and it is tried again
    // until none is left. A frozen process of version 1 dies only when it is thawed.
    private static bool KillInRounds(CgroupNode? freezer, CgroupNode group)
    {
        for (int i = 0; i < Rounds; i++)
        {
            SortedSet<int> processes = [];
            group.CollectProcesses(processes);
            if (processes.Count == 0)
            {
                return true;
            }

            freezer?.Freeze();
            List<PidFd> killed = [];
            try
            {
                group.CollectProcesses(processes);
                foreach (int process in processes)
                {
                    SysResult<PidFd> opened = PidFds.Open(process);
                    if (opened.Ok)
                    {
                        PidFds.SendSignal(opened.Value, Signal.SIGKILL);
                        killed.Add(opened.Value);
                    }
                }

                freezer?.Thaw();
                if (!killed.TrueForAll(process => Poll.Wait(process, PollEvents.POLLIN, Longest).Value != 0))
                {
                    return false;
                }
            }
            finally
            {
                killed.ForEach(process => process.Dispose());
            }
        }

        return false;
    }
}
