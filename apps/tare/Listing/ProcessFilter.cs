using Tare.Cli.Observation;
using Tare.Cli.Sandbox;
using Tare.Linux;

namespace Tare.Cli.Listing;

/// <summary>Which processes <c>tare ps</c> shows.</summary>
internal sealed class ProcessFilter
{
    private readonly ListOptions options;
    private readonly uint? user;
    private readonly string? group;

    /// <summary>Looks up what the options name.</summary>
    /// <exception cref="UsageException">A user is not known.</exception>
    public ProcessFilter(ListOptions options)
    {
        this.options = options;
        bool isNarrowed = options.All || options.Cgroup is not null || options.InContainer;
        user =
            options.User is { } name ? Accounts.Find(name, "/").Uid
            : isNarrowed ? null
            : Credentials.GetEffectiveUid();
        group = options.Cgroup is { } path ? PathOf(path) : null;
    }

    /// <summary>The process is shown.</summary>
    public bool Shows(ProcessRow row) =>
        (options.All || !row.IsKernelThread)
        && (user is null || row.Process.Status.Users.Effective == user)
        && (group is null || row.Process.Cgroups?.Any(cgroup => IsBelow(cgroup.Path, group)) == true)
        && (!options.InContainer || IsInContainer(row));

    private bool IsInContainer(ProcessRow row) =>
        row.Container is { } name
        && (options.Container is null || name.StartsWith(options.Container, StringComparison.Ordinal));

    private static bool IsBelow(string path, string group) =>
        group == "/" || path == group || path.StartsWith(group + "/", StringComparison.Ordinal);

    /// <summary>A directory under a mount point of cgroups becomes the path that /proc/PID/cgroup has.</summary>
    private static string PathOf(string text)
    {
        string path = "/" + text.Trim('/');
        SysResult<CgroupLayout> layout = CgroupLayout.Read();
        foreach (CgroupHierarchy hierarchy in layout.Ok ? layout.Value.Hierarchies : [])
        {
            if (path == hierarchy.MountPoint)
            {
                return hierarchy.Root;
            }

            if (path.StartsWith(hierarchy.MountPoint + "/", StringComparison.Ordinal))
            {
                string below = path[hierarchy.MountPoint.Length..];
                return hierarchy.Root == "/" ? below : hierarchy.Root + below;
            }
        }

        return path;
    }
}
