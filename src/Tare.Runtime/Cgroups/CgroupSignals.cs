using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Cgroups;

/// <summary>Signals to every process of a container.</summary>
public static class CgroupSignals
{
    private const int Rounds = 1_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Sends a signal to every process in the groups and below, each once.</summary>
    public static void Send(ContainerCgroup cgroup, Signal signal)
    {
        foreach (int process in cgroup.ListProcesses())
        {
            SysResult<PidFd> opened = PidFds.Open(process);
            if (opened.Ok)
            {
                using PidFd descriptor = opened.Value;
                PidFds.SendSignal(descriptor, signal);
            }
        }
    }

    /// <summary>Kills every process in the groups and below, and returns when they are gone.</summary>
    /// <returns>False if some are still there after ten seconds: they wait for a device or a file system.</returns>
    public static bool KillAll(ContainerCgroup cgroup)
    {
        if (cgroup.Unified is { } unified && KillUnified(unified))
        {
            return unified.Node.WaitForEvent("populated 0"u8, Longest);
        }

        return KillOneByOne(cgroup);
    }

    private static bool KillUnified(ContainerCgroup.Group group)
    {
        SysResult written = group.Write("cgroup.kill", "1");
        return written.Ok || !group.Mount.Exists(group.Place.Path);
    }

    // Without cgroup.kill (Linux 5.14) processes may make others faster than they are listed: they are stopped first,
    // and it is tried again until none is left. A frozen process of v1 dies only when it is thawed.
    private static bool KillOneByOne(ContainerCgroup cgroup)
    {
        for (int i = 0; i < Rounds; i++)
        {
            IReadOnlyCollection<int> processes = cgroup.ListProcesses();
            if (processes.Count == 0)
            {
                return true;
            }

            List<PidFd> killed = [];
            TryFreeze(cgroup);
            foreach (int process in cgroup.ListProcesses())
            {
                SysResult<PidFd> opened = PidFds.Open(process);
                if (opened.Ok)
                {
                    PidFds.SendSignal(opened.Value, Signal.SIGKILL);
                    killed.Add(opened.Value);
                }
            }

            TryThaw(cgroup);
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

    private static void TryFreeze(ContainerCgroup cgroup)
    {
        try
        {
            CgroupFreezer.Freeze(cgroup);
        }
        catch (Exception e) when (e is ContainerException or KernelException)
        {
            // Then they are killed as they are found.
        }
    }

    private static void TryThaw(ContainerCgroup cgroup)
    {
        try
        {
            CgroupFreezer.Thaw(cgroup);
        }
        catch (Exception e) when (e is ContainerException or KernelException)
        {
            // There was nothing to freeze.
        }
    }
}
