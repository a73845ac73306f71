namespace Tare.Runtime.HostView;

/// <summary>Which of a mount table's mounts a path can still lead to: those that no other mount covers.</summary>
internal static class VisibleMounts
{
    /// <summary>The visible mounts, a parent before what lies on it; the first is the root.</summary>
    public static IReadOnlyList<HostMount> Of(IReadOnlyList<HostMount> table)
    {
        HashSet<int> ids = [.. table.Select(mount => mount.Id)];
        ILookup<int, HostMount> children = table
            .Where(mount => mount.Parent != mount.Id && ids.Contains(mount.Parent))
            .ToLookup(mount => mount.Parent);
        List<HostMount> visible = [];
        foreach (HostMount top in table.Where(mount => mount.Parent == mount.Id || !ids.Contains(mount.Parent)))
        {
            if (top.Path == "/")
            {
                Walk(top, children, visible);
            }
        }

        return visible;
    }

    /// <summary>Whether <paramref name="path"/> is <paramref name="ancestor"/> or lies below it.</summary>
    public static bool Contains(string ancestor, string path) =>
        ancestor == "/"
        || (
            path.StartsWith(ancestor, StringComparison.Ordinal)
            && (path.Length == ancestor.Length || path[ancestor.Length] == '/')
        );

    private static void Walk(HostMount mount, ILookup<int, HostMount> children, List<HostMount> visible)
    {
        HostMount[] below = [.. children[mount.Id]];
        if (below.LastOrDefault(child => child.Path == mount.Path) is { } cover)
        {
            Walk(cover, children, visible);
            return;
        }

        visible.Add(mount);
        for (int i = 0; i < below.Length; i++)
        {
            // Had the one above been there first, this one would lie on that; of two on the same path the later one shows.
            HostMount child = below[i];
            bool covered =
                below.Any(other => other.Path != child.Path && Contains(other.Path, child.Path))
                || below.Skip(i + 1).Any(later => later.Path == child.Path);
            if (!covered)
            {
                Walk(child, children, visible);
            }
        }
    }
}
