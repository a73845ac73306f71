using Tare.Conformance.Checks;

namespace Tare.Conformance.Suite;

/// <summary>All that is asked of a runtime.</summary>
public static class Checklist
{
    /// <summary>Every group, in the order in which they are shown.</summary>
    public static IReadOnlyList<Group> Groups { get; } =
    [
        LifeCycle.Group,
        States.Group,
        Kills.Group,
        Deletions.Group,
        Listings.Group,
        PidFiles.Group,
        Roots.Group,
        Processes.Group,
        Descriptors.Group,
        Terminals.Group,
        Rlimits.Group,
        CapabilitySets.Group,
        Scheduling.Group,
        NamespaceKinds.Group,
        UserNamespaces.Group,
        MountPoints.Group,
        MountFlagOptions.Group,
        Propagation.Group,
        HiddenPaths.Group,
        Devices.Group,
        CgroupPlaces.Group,
        Resources.Group,
        Updates.Group,
        Pauses.Group,
        KernelParameters.Group,
        Seccomp.Group,
        Hooks.Group,
        HookFailures.Group,
        Execs.Group,
    ];

    /// <summary>Every check with the group that it is in.</summary>
    public static IEnumerable<(Group Group, Check Check)> All =>
        Groups.SelectMany(group => group.Checks.Select(check => (group, check)));
}
