using System.Collections.Immutable;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Cgroups;

/// <summary>What a plan needs to know of a container's cgroups.</summary>
public static class CgroupPlanning
{
    /// <summary>How the process comes into them.</summary>
    public static CgroupEntry EntryOf(ContainerCgroup cgroup)
    {
        ImmutableArray<string>.Builder hierarchies = ImmutableArray.CreateBuilder<string>(cgroup.Groups.Count);
        foreach (ContainerCgroup.Group group in cgroup.Groups)
        {
            if (!group.IsUnified)
            {
                hierarchies.Add(NameOf(group));
            }
        }

        return new CgroupEntry.Joined(cgroup.Unified is not null, hierarchies.ToImmutable());
    }

    /// <summary>What a mount of type <c>cgroup</c> shows: v2 where it alone is there, else the hierarchies of v1.</summary>
    public static CgroupView? ViewOf(ContainerCgroup cgroup)
    {
        ImmutableArray<CgroupHierarchyView>.Builder views = ImmutableArray.CreateBuilder<CgroupHierarchyView>();
        foreach (ContainerCgroup.Group group in cgroup.Groups)
        {
            if (!group.IsUnified)
            {
                string name = NameOf(group);
                string[] controllers = group.Place.Controller.Split(',');
                bool isNamed = group.Place.Controller.StartsWith("name=", StringComparison.Ordinal);
                views.Add(
                    new CgroupHierarchyView(
                        name,
                        isNamed ? $"none,{group.Place.Controller}" : group.Place.Controller,
                        group.FullPath,
                        isNamed ? [] : [.. controllers.Where(controller => controller != name)]
                    )
                );
            }
        }

        return views.Count > 0 ? new CgroupView.Split(views.ToImmutable())
            : cgroup.Unified is { } unified ? new CgroupView.Unified(unified.FullPath)
            : null;
    }

    private static string NameOf(ContainerCgroup.Group group) =>
        group.Place.MountPoint[(group.Place.MountPoint.LastIndexOf('/') + 1)..];
}
