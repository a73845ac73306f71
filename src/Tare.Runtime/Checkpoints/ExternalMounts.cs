using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Checkpoints;

/// <summary>
/// The mounts of a container that show what is the host's: they are not saved but made anew of the same source, whatever is
/// there by then. A dump gives each a name, a restore says what the name stands for now. The names are those that other
/// runtimes use, so that each can restore what the other has saved.
/// </summary>
internal static class ExternalMounts
{
    private const string Null = "/dev/null";

    /// <summary>Those of a container that runs: the mount point and the name.</summary>
    /// <param name="spec">Its specification.</param>
    /// <param name="processId">Its first process.</param>
    /// <exception cref="KernelException">The process has ended.</exception>
    public static List<(string Key, string Value)> OfRunning(ValidatedSpec spec, int processId)
    {
        IReadOnlyList<MountEntry> mounts = MountInfo
            .Read(processId)
            .OrThrow("read", $"/proc/{processId}/mountinfo", "the container has ended");
        using DirectoryFd root = Files
            .OpenDirectoryAt(null, $"/proc/{processId}/root", OpenFlags.O_PATH)
            .OrThrow("open", $"/proc/{processId}/root", "the container has ended");
        HashSet<string> own = OwnPlaces(spec, root);
        List<(string, string)> external = [];
        foreach (ValidatedMount mount in Binds(spec))
        {
            string place = PlaceOf(root, mount.Destination);
            external.Add((place, mount.Destination.ToString()));
            foreach (MountEntry below in mounts)
            {
                string point = below.MountPoint.ToString();
                if (point.StartsWith($"{place}/", StringComparison.Ordinal) && !own.Contains(point))
                {
                    external.Add((point, $"{mount.Destination}{point[place.Length..]}"));
                }
            }
        }

        bool ownCgroups = spec.Namespaces.Has(CloneFlags.CLONE_NEWCGROUP);
        foreach (MountEntry mount in mounts)
        {
            string point = mount.MountPoint.ToString();
            if (mount.Type is "cgroup" or "cgroup2" && !ownCgroups && mount.Root != "/")
            {
                external.Add((point, point));
            }
            else if (spec.MaskedPaths.Any(path => path.ToString() == point) && mount.Root == "/null")
            {
                external.Add((point, Null));
            }
        }

        external.AddRange(Devices(spec));
        return external;
    }

    /// <summary>Those of a container that is to be restored: the name and the source.</summary>
    /// <param name="spec">Its specification.</param>
    /// <param name="cgroup">Its cgroups.</param>
    public static List<(string Key, string Value)> OfBundle(ValidatedSpec spec, ContainerCgroup cgroup)
    {
        IReadOnlyList<MountEntry> mounts = MountInfo.Read().OrThrow("read", "/proc/self/mountinfo", "mount /proc");
        List<(string, string)> external = [];
        foreach (ValidatedMount mount in Binds(spec))
        {
            string source = Resolved(mount.Source);
            external.Add((mount.Destination.ToString(), source));
            foreach (MountEntry below in mounts)
            {
                string point = below.MountPoint.ToString();
                if (mount.Options.IsRecursive && point.StartsWith($"{source}/", StringComparison.Ordinal))
                {
                    external.Add(($"{mount.Destination}{point[source.Length..]}", point));
                }
            }
        }

        foreach (ValidatedMount mount in spec.Mounts)
        {
            if (mount.Kind == MountKind.Cgroup)
            {
                external.AddRange(Cgroups(mount.Destination, CgroupPlanning.ViewOf(cgroup)));
            }
        }

        external.AddRange(Devices(spec));
        external.Add((Null, Null));
        foreach (ContainerPath path in spec.MaskedPaths)
        {
            external.Add((path.ToString(), Null));
        }

        return external;
    }

    /// <summary>
    /// Makes sure that no mount is of a symlink or takes its place: CRIU knows mounts by paths, which it follows. And that
    /// the mount namespace is the container's alone: CRIU saves all that is mounted in it.
    /// </summary>
    /// <exception cref="ContainerException">One is, or it is not.</exception>
    public static void RefuseUnsavable(ValidatedSpec spec)
    {
        if (spec.Namespaces.SharesMounts)
        {
            throw new ContainerException(
                "a container without a mount namespace of its own cannot be saved or restored (add {\"type\": \"mount\"} to "
                    + "linux.namespaces)"
            );
        }

        foreach (ValidatedMount mount in spec.Mounts)
        {
            if (mount.Options.NamesSymlink is { } option)
            {
                throw new ContainerException(
                    $"a container with the mount option {option} cannot be saved or restored (leave it out of '{mount.Destination}')"
                );
            }
        }
    }

    private static IEnumerable<ValidatedMount> Binds(ValidatedSpec spec) =>
        spec.Mounts.Where(mount => mount.Kind == MountKind.Bind);

    private static IEnumerable<(string, string)> Cgroups(ContainerPath destination, CgroupView? view) =>
        view switch
        {
            CgroupView.Unified unified => [(destination.ToString(), unified.Directory)],
            CgroupView.Split split => split.Hierarchies.Select(hierarchy =>
                ($"{destination}/{hierarchy.Name}", hierarchy.Directory)
            ),
            _ => [],
        };

    // In a user namespace they are the host's; elsewhere nobody looks for the names.
    private static IEnumerable<(string, string)> Devices(ValidatedSpec spec) =>
        DefaultDevices
            .All.Concat(spec.Devices)
            .Select(device => device.Path.ToString())
            .Where(path => path != Null)
            .Distinct()
            .Select(path => (path, path));

    // What lies below a bind mount because the configuration puts it there, and not because it lay below the source.
    private static HashSet<string> OwnPlaces(ValidatedSpec spec, DirectoryFd root) =>
        [
            .. spec.Mounts.Select(mount => PlaceOf(root, mount.Destination)),
            .. spec.MaskedPaths.Concat(spec.ReadonlyPaths).Select(path => path.ToString()),
        ];

    // Where symlinks in the container lead a path to: the kernel says by what path it knows what was opened.
    private static string PlaceOf(DirectoryFd root, ContainerPath path)
    {
        SysResult<FileFd> opened = Files.OpenAt2(new RootedPath(root, path.Relative), OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return path.ToString();
        }

        using FileFd file = opened.Value;
        return NameOf(file) ?? path.ToString();
    }

    private static string Resolved(string source)
    {
        SysResult<FileFd> opened = Files.OpenAt(null, source, OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return source;
        }

        using FileFd file = opened.Value;
        return NameOf(file) ?? source;
    }

    private static string? NameOf(FileFd file) =>
        Files.ReadLinkAt(null, $"/proc/self/fd/{file.Number}") is { Ok: true } link ? link.Value.ToString() : null;
}
