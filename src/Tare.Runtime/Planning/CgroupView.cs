using System.Collections.Immutable;

namespace Tare.Runtime.Planning;

/// <summary>What a mount of type <c>cgroup</c> shows.</summary>
public abstract record CgroupView
{
    private protected CgroupView() { }

    /// <summary>The one hierarchy of cgroup v2.</summary>
    /// <param name="Directory">The container's cgroup as a directory of the host.</param>
    public sealed record Unified(string Directory) : CgroupView;

    /// <summary>The hierarchies of cgroup v1, a directory each.</summary>
    public sealed record Split(ImmutableArray<CgroupHierarchyView> Hierarchies) : CgroupView;
}

/// <summary>One hierarchy of cgroup v1.</summary>
/// <param name="Name">Its directory below the mount: <c>cpu,cpuacct</c>, <c>systemd</c>.</param>
/// <param name="Options">What mount(2) takes to find it: <c>cpu,cpuacct</c>, <c>none,name=systemd</c>.</param>
/// <param name="Directory">The container's cgroup in it as a directory of the host.</param>
/// <param name="Links">Other names that lead to it: <c>cpu</c> and <c>cpuacct</c>.</param>
public sealed record CgroupHierarchyView(string Name, string Options, string Directory, ImmutableArray<string> Links);
