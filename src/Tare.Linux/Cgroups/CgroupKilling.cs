using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Kills every process of a cgroup, those that are being made meanwhile included.</summary>
public static class CgroupKilling
{
    private const int Rounds = 1_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Kills, and returns when they are gone.</summary>
    /// <param name="unified">The group of version 2, or null.</param>
    /// <param name="freezer">The group by which the processes can be stopped, or null.</param>
    /// <param name="list">Lists the processes that are there now.</param>
    /// <returns>False if some are still there after ten seconds: they wait for a device or a file system.</returns>
    public static bool Kill(CgroupNode? unified, CgroupNode? freezer, Func<IReadOnlyCollection<int>> list)
    {
        if (unified is { } group && (group.Write("cgroup.kill", "1").Ok || !group.Mount.Exists(group.Path)))
        {
            return group.WaitForEvent("populated 0"u8, Longest);
        }

        return KillInRounds(freezer, list);
    }

    // Without cgroup.kill (Linux 5.14) processes may make others faster than they are listed: they are stopped first,
    // and it is tried again until none is left. A frozen process of v1 dies only when it is thawed.
    private static bool KillInRounds(CgroupNode? freezer, Func<IReadOnlyCollection<int>> list)
    {
        for (int i = 0; i < Rounds; i++)
        {
            if (list().Count == 0)
            {
                return true;
            }

            List<PidFd> killed = [];
            TryFreeze(freezer);
            foreach (int process in list())
            {
                SysResult<PidFd> opened = PidFds.Open(process);
                if (opened.Ok)
                {
                    PidFds.SendSignal(opened.Value, Signal.SIGKILL);
                    killed.Add(opened.Value);
                }
            }

            TryThaw(freezer);
            if (!WaitForAll(killed))
            {
                return false;
            }
        }

        return false;
    }

    private static bool WaitForAll(List<PidFd> processes)
    {
        bool all = true;
        foreach (PidFd process in processes)
        {
            SysResult<PollEvents> ended = Poll.Wait(process, PollEvents.POLLIN, all ? Longest : TimeSpan.Zero);
            all &= ended.Ok && ended.Value != 0;
            process.Dispose();
        }

        return all;
    }

    private static void TryFreeze(CgroupNode? freezer)
    {
        try
        {
            if (freezer?.Freeze() == false)
            {
                freezer.Value.Thaw();
            }
        }
        catch (KernelException)
        {
            // Then they are killed as they are found.
        }
    }

    private static void TryThaw(CgroupNode? freezer)
    {
        try
        {
            freezer?.Thaw();
        }
        catch (KernelException)
        {
            // There was nothing to freeze.
        }
    }
}
