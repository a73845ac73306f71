using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// User namespaces without a process in them: to show mounts with other owners (<see cref="Mounts.IdMap"/>), or to start
/// processes in (<see cref="ProcessNamespaces.Joined"/>). user_namespaces(7).
/// </summary>
public static class UserNamespace
{
    /// <summary>Makes one; it lasts as long as the descriptor, which the caller disposes.</summary>
    /// <param name="users">What uids mean in it. More than the own one needs CAP_SETUID, or newuidmap(1) and /etc/subuid.</param>
    /// <param name="groups">What gids mean in it. The same with CAP_SETGID, newgidmap(1), /etc/subgid.</param>
    /// <exception cref="ArgumentException">A map or a range is empty.</exception>
    /// <exception cref="KernelException">EPERM: user namespaces are forbidden, or the ranges are. ENOSPC: too many.</exception>
    public static NamespaceFd Create(ImmutableArray<IdRange> users, ImmutableArray<IdRange> groups)
    {
        Check(users, nameof(users));
        Check(groups, nameof(groups));
        LaunchPlanBuilder plan = new() { CloneFlags = CloneFlags.CLONE_NEWUSER };
        int gate = plan.Gate("wait for the user namespace's maps");
        try
        {
            using PendingLaunch pending = Launcher.Begin(plan.Build());
            pending.WaitForGate(gate);
            UserMaps.Write(pending.ProcessId, users, groups);
            using PidFd process = PidFds.Open(pending.ProcessId).OrThrow("open the process");
            return Namespaces
                .Open(process, pending.ProcessId, CloneFlags.CLONE_NEWUSER)
                .OrThrow("open the user namespace");
        }
        catch (LaunchException failure)
        {
            throw new KernelException(failure.Failure.Errno, "make a user namespace", hint: failure.Message);
        }
    }

    private static void Check(ImmutableArray<IdRange> map, string parameter)
    {
        if (map.IsDefaultOrEmpty || map.Any(static range => range.Count == 0))
        {
            throw new ArgumentException("the map, or one of its ranges, is empty", parameter);
        }
    }
}
