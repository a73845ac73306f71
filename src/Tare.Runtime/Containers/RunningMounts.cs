using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Oci;
using Tare.Runtime.Planning;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>Mounts that are added to a container that runs, or taken away: all of a list, or none.</summary>
public static class RunningMounts
{
    /// <summary>Adds mounts in their order.</summary>
    /// <exception cref="SpecException">A mount is wrong, or none that can be added later.</exception>
    /// <exception cref="ContainerException">The container does not run, or the kernel refuses a mount; none has been added.</exception>
    public static void Add(Container container, IReadOnlyList<MountSpec> mounts)
    {
        using PidFd first = Lock(container);
        ImmutableArray<ValidatedMount> valid = Check(container, mounts);
        ExecTarget target = TargetOf(container.Record);
        using Rollback undo = new();
        foreach (ValidatedMount mount in valid)
        {
            Launch(RunningMountPlanner.Add(mount, target), first);
            if (mount.Kind != MountKind.Remount)
            {
                undo.Push(() => Launch(RunningMountPlanner.Remove(mount.Destination, target), first));
            }
        }

        undo.Commit();
    }

    /// <summary>Takes mounts away, the last of the list first. Only their destinations count.</summary>
    /// <exception cref="SpecException">A destination is wrong.</exception>
    /// <exception cref="ContainerException">The container does not run, or nothing is mounted there: those before it are gone.</exception>
    public static void Remove(Container container, IReadOnlyList<MountSpec> mounts)
    {
        using PidFd first = Lock(container);
        ExecTarget target = TargetOf(container.Record);
        List<ContainerPath> paths = [];
        for (int i = 0; i < mounts.Count; i++)
        {
            ContainerPath path = ContainerPath.Parse($"mounts[{i}].destination", mounts[i].Destination);
            paths.Add(
                path.IsRoot
                    ? throw new SpecException($"mounts[{i}].destination", "is the root itself (leave it)")
                    : path
            );
        }

        paths.Reverse();
        foreach (ContainerPath path in paths)
        {
            Launch(RunningMountPlanner.Remove(path, target), first);
        }
    }

    private static ExecTarget TargetOf(ContainerRecord record) =>
        ContainerExec.TargetOf(record.ProcessId, rootPlace: record.RootPlace);

    private static PidFd Lock(Container container)
    {
        container.LockState();
        return container.TryOpenProcess() ?? throw new ContainerException("container not running");
    }

    private static ImmutableArray<ValidatedMount> Check(Container container, IReadOnlyList<MountSpec> mounts)
    {
        ImmutableArray<ValidatedMount> valid = MountRules.Check(
            mounts,
            new ValidationContext(container.Record.Bundle) { Rootless = !Privileges.IsRoot },
            [],
            [],
            ImmutableArray.CreateBuilder<string>()
        );
        for (int i = 0; i < valid.Length; i++)
        {
            if (valid[i].Options.NamesSymlink is { } option)
            {
                throw new SpecException(
                    $"mounts[{i}].options",
                    $"{option} is for a container that is being made (leave it out)"
                );
            }

            if (valid[i] is { Kind: MountKind.Cgroup } or { IsProc: true } or { IsOfHost: true })
            {
                throw new SpecException(
                    $"mounts[{i}].type",
                    $"'{valid[i].Type}' cannot be added to a container that runs (bind it, or use tmpfs)"
                );
            }
        }

        return valid;
    }

    private static void Launch(PlannedLaunch planned, PidFd first)
    {
        try
        {
            using PendingLaunch launch = ContainerLaunch.Begin(planned, new LaunchHandles { ContainerProcess = first });
            using LaunchedProcess done = launch.Complete();
            PidFds.Wait(done.Process);
        }
        catch (LaunchException e)
        {
            throw new ContainerException(e.Message, e);
        }
    }
}
