using Tare.Linux;
using Tare.Runtime.State;

namespace Tare.Runtime.Cgroups;

/// <summary>Cgroups below a container's that a program is to be in.</summary>
internal static class CgroupBelow
{
    /// <summary>Opens them.</summary>
    /// <param name="record">The container.</param>
    /// <param name="paths">A path by controller, relative to the container's cgroup; of all of them for the empty name.</param>
    /// <exception cref="ContainerException">There is no such controller or no such cgroup.</exception>
    public static ContainerCgroup Open(ContainerRecord record, IReadOnlyDictionary<string, string> paths)
    {
        HashSet<string> unknown = [.. paths.Keys];
        List<CgroupPlace> places = [];
        bool isLegacy = record.Cgroups.Any(place => place.Controller.Length > 0);
        foreach (CgroupPlace place in record.Cgroups)
        {
            string path = place.Path;
            foreach ((string controller, string below) in paths)
            {
                if (Concerns(place, controller))
                {
                    unknown.Remove(controller);
                    path = Below(place.Path, below);
                }
            }

            // Beside the groups of v1 that of v2 need not have the same.
            bool exists = Exists(place.MountPoint, path);
            if (!exists && isLegacy && place.Controller.Length == 0)
            {
                path = place.Path;
            }
            else if (!exists)
            {
                throw new ContainerException(
                    $"cgroup '{place.MountPoint}/{path}' does not exist (make it before a program is put into it)"
                );
            }

            places.Add(place with { Path = path, Made = 0 });
        }

        foreach (string controller in unknown)
        {
            throw new ContainerException(
                controller.Length == 0
                    ? "the container has no cgroup of its own"
                    : $"unknown controller '{controller}' in --cgroup (leave it out on cgroup v2)"
            );
        }

        return ContainerCgroup.Open(places);
    }

    private static bool Concerns(CgroupPlace place, string controller) =>
        controller.Length == 0 || place.Controller.Split(',').Contains(controller, StringComparer.Ordinal);

    private static string Below(string own, string path)
    {
        string inner = path.Trim('/');
        if (inner.Length == 0)
        {
            return own;
        }

        return CgroupPath.Problem(inner) is { } problem
            ? throw new ContainerException($"--cgroup: {problem}")
            : $"{own}/{CgroupPath.Parse(inner).Relative}";
    }

    private static bool Exists(string mountPoint, string path)
    {
        using CgroupMount? mount = CgroupMount.Open(mountPoint);
        return mount is not null && mount.Exists(path);
    }
}
