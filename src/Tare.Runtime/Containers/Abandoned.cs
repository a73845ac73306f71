using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Hooks;
using Tare.Runtime.Resctrl;
using Tare.Runtime.State;

namespace Tare.Runtime.Containers;

/// <summary>
/// What launchers that were killed have left: containers that are marked as being made or removed while nobody does so.
/// Their processes are killed, their cgroups and their state removed.
/// </summary>
public static class Abandoned
{
    /// <summary>
    /// Removes all of it, and runs the hooks that come after a container's end. What cannot be removed now is left for the
    /// next time.
    /// </summary>
    /// <returns>The hooks that failed, a sentence each.</returns>
    public static IReadOnlyList<string> Sweep(StateStore store)
    {
        List<string> failures = [];
        foreach (StateDirectory directory in store.TakeAbandoned())
        {
            using (directory)
            {
                failures.AddRange(TryRemove(directory));
            }
        }

        return failures;
    }

    private static IReadOnlyList<string> TryRemove(StateDirectory directory)
    {
        try
        {
            ContainerHooks? hooks = null;
            if (TryRead(directory) is { } record)
            {
                hooks = ContainerHooks.OfDamaged(directory, record);
                Kill(record);
                using ContainerCgroup cgroup = ContainerCgroup.Open(record);
                CgroupSignals.KillAll(cgroup);
                CgroupRemoval.Remove(cgroup);
                using ContainerResctrl? resctrl = ContainerResctrl.TryOpen(record.Resctrl);
                resctrl?.Remove();
                if (record is { PidFile: { } pidFile, ProcessId: > 0 })
                {
                    PidFile.Remove(pidFile, record.ProcessId);
                }
            }

            directory.Remove();
            return hooks?.RunPoststop() ?? [];
        }
        catch (Exception e) when (e is KernelException or ContainerException)
        {
            // The mark stays and its lock goes with this process, so the next start tries again.
            return [];
        }
    }

    // A record that was not written to its end was written before anything was made.
    private static ContainerRecord? TryRead(StateDirectory directory)
    {
        try
        {
            return directory.TryRead();
        }
        catch (ContainerException)
        {
            return null;
        }
    }

    private static void Kill(ContainerRecord record)
    {
        using PidFd? process = ContainerProcess.TryOpen(record);
        if (process is not null)
        {
            PidFds.SendSignal(process, Signal.SIGKILL);
            Poll.Wait(process, PollEvents.POLLIN, TimeSpan.FromSeconds(10));
        }
    }
}
