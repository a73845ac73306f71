using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Cgroups;

/// <summary>Signals to every process of a container.</summary>
public static class CgroupSignals
{
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
    public static bool KillAll(ContainerCgroup cgroup) =>
        CgroupKilling.Kill(cgroup.Unified?.Node, CgroupFreezer.Find(cgroup)?.Node, cgroup.ListProcesses);
}
