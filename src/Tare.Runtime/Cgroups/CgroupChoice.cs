using Tare.Runtime.State;

namespace Tare.Runtime.Cgroups;

/// <summary>A hierarchy of cgroups that is mounted on this machine.</summary>
/// <param name="MountPoint">Where.</param>
/// <param name="Controllers">What it controls; for cgroup v2 what its root offers.</param>
/// <param name="IsUnified">It is cgroup v2.</param>
/// <param name="OwnPath">The group of this process, relative to the mount point; empty for the root.</param>
public sealed record CgroupHierarchy(
    string MountPoint,
    IReadOnlyList<string> Controllers,
    bool IsUnified,
    string OwnPath
);

/// <summary>Decides where the cgroups of a container lie. Pure: nothing is looked at or made.</summary>
public static class CgroupChoice
{
    /// <summary>One place in each hierarchy.</summary>
    /// <param name="hierarchies">What is mounted.</param>
    /// <param name="path">What config.json says; null where it says nothing.</param>
    /// <param name="id">The container, which names the group that config.json does not.</param>
    public static IReadOnlyList<CgroupPlace> Places(
        IReadOnlyList<CgroupHierarchy> hierarchies,
        CgroupPath? path,
        ContainerId id
    )
    {
        bool onlyUnified = hierarchies.Count == 1 && hierarchies[0].IsUnified;
        List<CgroupPlace> places = new(hierarchies.Count);
        foreach (CgroupHierarchy hierarchy in hierarchies)
        {
            string inner = path?.Relative ?? id.Text;
            string own = path is { IsAbsolute: true } ? "" : Base(hierarchy.OwnPath, onlyUnified);
            string full = own.Length == 0 ? inner : $"{own}/{inner}";
            string controller = hierarchy.IsUnified ? "" : string.Join(',', hierarchy.Controllers);
            places.Add(new CgroupPlace(hierarchy.MountPoint, controller, full, 1));
        }

        return places;
    }

    /// <summary>
    /// A group with processes cannot hand controllers to its children on cgroup v2, so a container becomes the sibling of
    /// the group that this process is in, not its child.
    /// </summary>
    private static string Base(string own, bool onlyUnified)
    {
        if (!onlyUnified)
        {
            return own;
        }

        int slash = own.LastIndexOf('/');
        return slash < 0 ? "" : own[..slash];
    }
}
