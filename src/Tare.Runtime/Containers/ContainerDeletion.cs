using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Hooks;
using Tare.Runtime.Resctrl;
using Tare.Runtime.State;

namespace Tare.Runtime.Containers;

/// <summary>Removes containers: what still runs in their cgroups, the cgroups, the state.</summary>
public static class ContainerDeletion
{
    private static readonly TimeSpan LongestDeath = TimeSpan.FromSeconds(10);

    /// <summary>Removes a container.</summary>
    /// <param name="store">Where its state is.</param>
    /// <param name="id">Its name.</param>
    /// <param name="force">
    /// One that has not stopped is killed first; one that does not exist is no error; state that is damaged is removed.
    /// </param>
    /// <returns>The hooks after its end that failed, a sentence each.</returns>
    /// <exception cref="ContainerException">It does not exist, or has not stopped.</exception>
    /// <exception cref="KernelException">A cgroup cannot be removed.</exception>
    public static IReadOnlyList<string> Delete(StateStore store, ContainerId id, bool force)
    {
        IReadOnlyList<string> failures = Abandoned.Sweep(store);
        try
        {
            using StateDirectory state = store.Open(id);
            state.Lock();
            return [.. failures, .. Delete(state, TryRead(state, force), force)];
        }
        catch (ContainerException e) when (force && e.IsMissing)
        {
            // Then it need not be removed.
            return failures;
        }
    }

    /// <summary>
    /// Removes a container that this process has made and whose first process it has waited for. Unless somebody else has
    /// removed it already.
    /// </summary>
    /// <param name="state">Its state, opened since it was made.</param>
    /// <param name="cgroup">Its cgroups, or null.</param>
    /// <param name="resctrl">Its class of service, or null.</param>
    /// <param name="endsTogether">All its processes have ended with the first one, being in a PID namespace of its own.</param>
    /// <returns>Whether it was this process that removed it.</returns>
    /// <exception cref="KernelException">A cgroup cannot be removed.</exception>
    internal static bool DeleteEnded(
        StateDirectory state,
        ContainerCgroup? cgroup,
        ContainerResctrl? resctrl,
        bool endsTogether
    )
    {
        try
        {
            state.Lock();
            Mark(state);
        }
        catch (ContainerException)
        {
            // Somebody else was faster.
            return false;
        }

        Finish(
            state,
            () =>
            {
                if (cgroup is not null && !(endsTogether && CgroupRemoval.TryRemove(cgroup)))
                {
                    CgroupSignals.KillAll(cgroup);
                    CgroupRemoval.Remove(cgroup);
                }

                resctrl?.Remove();
            }
        );
        return true;
    }

    /// <summary>Stops and removes a container one of whose hooks has failed. Preconditions: the state is locked.</summary>
    internal static void DeleteFailed(StateDirectory state, ContainerRecord record) =>
        Delete(state, record, force: true);

    /// <summary>Removes a container whose processes have just been ended by somebody else. Preconditions: the state is locked.</summary>
    /// <returns>The hooks after its end that failed, a sentence each.</returns>
    internal static IReadOnlyList<string> DeleteStopped(StateDirectory state, ContainerRecord record) =>
        Delete(state, record, force: true);

    private static ContainerRecord? TryRead(StateDirectory state, bool force)
    {
        try
        {
            return state.TryRead();
        }
        catch (ContainerException) when (force)
        {
            return DamagedContainer.Salvage(state);
        }
    }

    // From the mark on the removal comes to its end, by this process or by the next one.
    private static IReadOnlyList<string> Delete(StateDirectory state, ContainerRecord? record, bool force)
    {
        if (record is null)
        {
            state.RefuseOthers();
            Mark(state);
            Finish(state, () => { });
            return [];
        }

        ContainerHooks hooks = ContainerHooks.OfDamaged(state, record);

        using ContainerCgroup cgroup = ContainerCgroup.Open(record);
        using PidFd? process = ContainerProcess.TryOpen(record);

        // A created container has no program that could lose anything.
        if (process is not null && !force && !state.WaitsForStart)
        {
            bool frozen = CgroupFreezer.IsFrozen(cgroup);
            throw NotStopped(state.Id, frozen ? ContainerStatus.Paused : ContainerStatus.Running);
        }

        Mark(state);
        Finish(
            state,
            () =>
            {
                Kill(process, cgroup);
                CgroupRemoval.Remove(cgroup);
                using ContainerResctrl? resctrl = ContainerResctrl.TryOpen(record.Resctrl);
                resctrl?.Remove();
            }
        );
        return hooks.RunPoststop();
    }

    private static void Finish(StateDirectory state, Action removeRest)
    {
        try
        {
            removeRest();
            state.Remove();
        }
        catch (KernelException)
        {
            state.GiveUp();
            throw;
        }
    }

    private static void Mark(StateDirectory state)
    {
        if (!state.TryMark())
        {
            throw NotStopped(state.Id, ContainerStatus.Creating);
        }
    }

    private static void Kill(PidFd? process, ContainerCgroup cgroup)
    {
        if (process is not null)
        {
            PidFds.SendSignal(process, Signal.SIGKILL);
        }

        CgroupSignals.KillAll(cgroup);
        if (process is not null)
        {
            Poll.Wait(process, PollEvents.POLLIN, LongestDeath);
        }
    }

    private static ContainerException NotStopped(ContainerId id, ContainerStatus status) =>
        new(
            $"cannot delete container {id} that is not stopped: {SpecNames.Of(status)} "
                + (status == ContainerStatus.Creating ? "(wait until it is made)" : "(kill it first, or use --force)")
        );
}
