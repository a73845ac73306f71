using Tare.Linux;

namespace Tare.Runtime.Cgroups;

/// <summary>The hierarchies of cgroups of this machine that a container's groups can be made in.</summary>
public static class HostCgroups
{
    /// <summary>
    /// Every hierarchy that is mounted and can be written to. What is mounted read-only is left out: a limit that needs it
    /// then lacks its controller, which is an error of its own.
    /// </summary>
    /// <exception cref="KernelException">/proc is not mounted.</exception>
    public static IReadOnlyList<CgroupHierarchy> Read()
    {
        CgroupLayout layout = CgroupLayout.Read().OrThrow("read", "/proc/self/mountinfo", "mount /proc");
        List<CgroupHierarchy> hierarchies = new(layout.Hierarchies.Count);
        foreach (Linux.CgroupHierarchy mounted in layout.Hierarchies)
        {
            if (mounted.IsReadOnly)
            {
                continue;
            }

            IReadOnlyList<string> controllers = mounted.Name is { } name
                ? [.. mounted.Controllers, $"name={name}"]
                : mounted.Controllers;
            string own = mounted.OwnDirectory is { } directory ? directory[mounted.MountPoint.Length..].Trim('/') : "";
            hierarchies.Add(new CgroupHierarchy(mounted.MountPoint, controllers, mounted.Version == 2, own));
        }

        return hierarchies;
    }
}
