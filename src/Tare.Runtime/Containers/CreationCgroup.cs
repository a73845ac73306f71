using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Cgroups;
using Tare.Runtime.State;
using Tare.Runtime.Systemd;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>
/// The cgroups of a container that is being made: made in the hierarchies, made by systemd, or none. They are on record
/// before they are made, so that whoever finds the record can remove them.
/// </summary>
internal sealed class CreationCgroup : IDisposable
{
    private readonly CgroupRequest request;
    private readonly ValidatedSpec spec;
    private readonly Rollback rollback;
    private readonly List<string> warnings = [];
    private SystemdScope? scope;
    private IReadOnlyList<CgroupSetting> limits = [];
    private bool isBegun;

    public CreationCgroup(CgroupRequest request, ValidatedSpec spec, Rollback rollback)
    {
        this.request = request;
        this.spec = spec;
        this.rollback = rollback;
    }

    /// <summary>The cgroups; null is none. Owned by this object.</summary>
    public ContainerCgroup? Cgroup { get; private set; }

    /// <summary>What was asked for and has no effect, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Makes them with their limits; what systemd makes is only planned (<see cref="StartScope"/>).</summary>
    /// <returns>The record, announced, with where they are.</returns>
    /// <exception cref="ContainerException">A limit was asked for that cannot be had.</exception>
    /// <exception cref="KernelException">The kernel refuses something.</exception>
    public ContainerRecord Make(ContainerRecord record, StateDirectory state)
    {
        if (request.HasNone)
        {
            RequireNoLimit();
            state.Announce(record);
            return record;
        }

        return request.BySystemd ? Plan(record, state) : MakeInHierarchies(record, state);
    }

    /// <summary>Has systemd make what is planned, if it is; limits it.</summary>
    /// <param name="processId">The process that waits for it, and is what the scope begins with.</param>
    public void StartScope(int processId)
    {
        isBegun = true;
        scope!.Start(processId, request.IsLimitedLater ? [] : limits);
        LimitFirst(Cgroup!);
    }

    /// <summary>Writes the limits and the device rules, which was left to the caller.</summary>
    /// <exception cref="ContainerException">A limit was asked for that cannot be had.</exception>
    /// <exception cref="KernelException">The kernel refuses something.</exception>
    public void Limit()
    {
        if (scope is not null && limits.Count > 0)
        {
            SystemdScope.Update(scope.Unit, limits);
        }

        Limit(Cgroup!);
    }

    /// <summary>Kills what is in them; nothing where systemd has not made the container's own scope.</summary>
    public void KillAll()
    {
        if (Cgroup is { } cgroup && (scope is null || (isBegun && !scope.IsTaken)))
        {
            CgroupSignals.KillAll(cgroup);
        }
    }

    /// <summary>Opens the groups that a container will have in the hierarchies; nothing is made.</summary>
    /// <exception cref="ContainerException">A group exists already and has processes in it, or is frozen.</exception>
    private static ContainerCgroup Open(ValidatedSpec spec, ContainerId id)
    {
        CgroupPath? path = spec.CgroupsPath is { Length: > 0 } text ? CgroupPath.Parse(text) : null;
        ContainerCgroup cgroup = ContainerCgroup.Open(CgroupChoice.Places(HostCgroups.Read(), path, id));
        try
        {
            cgroup.Survey();
            return cgroup;
        }
        catch
        {
            cgroup.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        scope?.Dispose();
        Cgroup?.Dispose();
    }

    private ContainerRecord MakeInHierarchies(ContainerRecord record, StateDirectory state)
    {
        ContainerCgroup cgroup = Open(spec, request.Id);
        Cgroup = cgroup;
        ContainerRecord placed = record with { Cgroups = [.. cgroup.Places] };
        state.Announce(placed);
        try
        {
            cgroup.Make(rollback);
            LimitFirst(cgroup);
            return placed;
        }
        catch (KernelException e) when (!request.IsLimitedLater && IsRefused(e))
        {
            RequireNoLimit(e);
            warnings.Add($"{e.Message}; the container has no cgroup of its own");
            CgroupRemoval.Remove(cgroup);
            cgroup.Dispose();
            Cgroup = null;
            state.Announce(record);
            return record;
        }
    }

    private ContainerRecord Plan(ContainerRecord record, StateDirectory state)
    {
        scope = SystemdScope.Plan(spec.CgroupsPath, request.Id, record.Annotations);
        limits = spec.Resources is { } resources ? UnifiedSettings.Of(resources) : [];
        ContainerCgroup cgroup = ContainerCgroup.Open([scope.Place], scope.Unit);
        Cgroup = cgroup;
        cgroup.Survey();
        ContainerRecord placed = record with { Cgroups = [.. cgroup.Places], Unit = scope.Unit };
        state.Announce(placed);
        rollback.Push(() =>
        {
            if (!scope.IsTaken)
            {
                CgroupRemoval.Remove(cgroup);
            }
        });
        return placed;
    }

    // What must be there before a process can be is there in any case.
    private void LimitFirst(ContainerCgroup made)
    {
        if (request.IsLimitedLater)
        {
            made.ApplyLimits(null);
        }
        else
        {
            Limit(made);
        }
    }

    private void Limit(ContainerCgroup made)
    {
        made.Apply(spec.Resources);
        CgroupDelegation.Apply(made, spec);
        if (!made.FiltersDevices && spec.Resources is { Devices.Count: > 0 })
        {
            warnings.Add("linux.resources.devices: has no effect for an ordinary user");
        }
    }

    // An ordinary user without a delegated cgroup: nothing is lost where no limit was asked for.
    private static bool IsRefused(KernelException e) =>
        e.Errno is Errno.EACCES or Errno.EPERM or Errno.EROFS && !Privileges.IsMachineRoot();

    private void RequireNoLimit()
    {
        if (FirstLimit() is { } limit)
        {
            throw new ContainerException(
                $"{limit}: cannot be had without a cgroup (leave it out, or --cgroup-manager disabled)"
            );
        }
    }

    private void RequireNoLimit(KernelException refusal)
    {
        if (!request.IgnoresErrors && FirstLimit() is { } limit)
        {
            throw new ContainerException(
                $"{limit}: {refusal.Call} '{refusal.Target}': {refusal.Errno} "
                    + "(run as root, have a cgroup delegated to this user, leave the limit out, or use --rootless true)",
                refusal
            );
        }
    }

    // What an ordinary user can open is what the host lets that user open, so rules about devices are no limit here.
    private string? FirstLimit() =>
        spec.Resources is { } resources && LegacySettings.Of(resources) is [var first, ..] ? first.Property : null;
}
