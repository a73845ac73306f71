using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Which cgroup hierarchies there are, of which version, with which controllers, and where the calling process is in them.</summary>
public sealed class CgroupLayout
{
    private CgroupLayout(IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        Hierarchies = hierarchies;
        bool controllersOnV1 = false;
        foreach (CgroupHierarchy hierarchy in hierarchies)
        {
            if (hierarchy.Version == 2)
            {
                Unified = hierarchy;
            }
            else
            {
                controllersOnV1 |= hierarchy.Controllers.Count > 0;
            }
        }

        Mode =
            Unified is null ? (hierarchies.Count == 0 ? CgroupMode.None : CgroupMode.Legacy)
            : controllersOnV1 ? CgroupMode.Hybrid
            : CgroupMode.Unified;
    }

    /// <summary>How this machine has cgroups.</summary>
    public CgroupMode Mode { get; }

    /// <summary>All mounted hierarchies, each once.</summary>
    public IReadOnlyList<CgroupHierarchy> Hierarchies { get; }

    /// <summary>The v2 hierarchy, or null.</summary>
    public CgroupHierarchy? Unified { get; }

    /// <summary>The hierarchy that has a controller (<c>memory</c>, <c>cpu</c>, <c>pids</c> …), or null where none has.</summary>
    public CgroupHierarchy? HierarchyOf(string controller)
    {
        foreach (CgroupHierarchy hierarchy in Hierarchies)
        {
            foreach (string own in hierarchy.Controllers)
            {
                if (own == controller)
                {
                    return hierarchy;
                }
            }
        }

        return null;
    }

    /// <summary>Reads the layout as the calling process sees it. ENOENT: /proc is not mounted.</summary>
    public static SysResult<CgroupLayout> Read()
    {
        SysResult<byte[]> mounts = Files.ReadAllAt(null, "/proc/thread-self/mountinfo", 64 << 20);
        return mounts.Ok ? Read(mounts.Value) : new(null!, mounts.Errno);
    }

    /// <summary>The same where what is mounted has been read already.</summary>
    /// <param name="mountInfo">The calling thread's mountinfo.</param>
    public static SysResult<CgroupLayout> Read(ReadOnlySpan<byte> mountInfo)
    {
        SysResult<IReadOnlyList<CgroupMembership>> memberships = ProcCgroup.ReadOwn();
        return memberships.Ok
            ? new(Parse(mountInfo, memberships.Value, ReadControllers), Errno.None)
            : new(null!, memberships.Errno);
    }

    /// <summary>The layout from the texts that it is read from.</summary>
    /// <param name="mountInfo">A mountinfo; lines of other file systems are not even looked at.</param>
    /// <param name="memberships">Where the process is.</param>
    /// <param name="controllersAt">Gives the content of cgroup.controllers at a v2 mount point; empty where it cannot.</param>
    /// <exception cref="FormatException">A cgroup mount's line is no entry of a mountinfo.</exception>
    public static CgroupLayout Parse(
        ReadOnlySpan<byte> mountInfo,
        IReadOnlyList<CgroupMembership> memberships,
        Func<string, string> controllersAt
    )
    {
        List<CgroupHierarchy> hierarchies = [];
        foreach (Range range in mountInfo.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = mountInfo[range];
            if (line.IndexOf(" - cgroup"u8) < 0)
            {
                continue;
            }

            MountEntry mount = MountInfo.ParseLine(line);
            CgroupHierarchy? found = mount.Type switch
            {
                "cgroup2" => UnifiedAt(mount, memberships, controllersAt),
                "cgroup" => LegacyAt(mount, memberships),
                _ => null,
            };
            if (found is not null)
            {
                Add(hierarchies, found);
            }
        }

        return new(hierarchies);
    }

    /// <summary>A hierarchy can be mounted several times: the mount that shows most of it counts, and of equals the first.</summary>
    private static void Add(List<CgroupHierarchy> hierarchies, CgroupHierarchy found)
    {
        int same = hierarchies.FindIndex(other =>
            other.Version == found.Version
            && other.Name == found.Name
            && other.Controllers.SequenceEqual(found.Controllers)
        );
        if (same < 0)
        {
            hierarchies.Add(found);
        }
        else if (hierarchies[same].OwnDirectory is null && found.OwnDirectory is not null)
        {
            hierarchies[same] = found;
        }
    }

    private static CgroupHierarchy UnifiedAt(
        MountEntry mount,
        IReadOnlyList<CgroupMembership> memberships,
        Func<string, string> controllersAt
    )
    {
        string own = "/";
        foreach (CgroupMembership membership in memberships)
        {
            own = membership.IsUnified ? membership.Path : own;
        }

        string mountPoint = mount.MountPoint.ToString();
        return new()
        {
            Version = 2,
            Controllers = controllersAt(mountPoint).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
            MountPoint = mountPoint,
            Root = mount.Root.ToString(),
            IsReadOnly = mount.IsReadOnly,
            OwnPath = own,
        };
    }

    /// <summary>A v1 mount names its controllers among the file system's options; so does the process's line.</summary>
    private static CgroupHierarchy? LegacyAt(MountEntry mount, IReadOnlyList<CgroupMembership> memberships)
    {
        foreach (CgroupMembership membership in memberships)
        {
            if (membership.IsUnified || membership.Controllers.Count == 0)
            {
                continue;
            }

            bool all = true;
            foreach (string controller in membership.Controllers)
            {
                all &= mount.HasSuperOption(controller);
            }

            if (all)
            {
                return new()
                {
                    Version = 1,
                    Controllers =
                    [
                        .. membership.Controllers.Where(c => !c.StartsWith("name=", StringComparison.Ordinal)),
                    ],
                    Name = membership
                        .Controllers.FirstOrDefault(c => c.StartsWith("name=", StringComparison.Ordinal))
                        ?[5..],
                    MountPoint = mount.MountPoint.ToString(),
                    Root = mount.Root.ToString(),
                    IsReadOnly = mount.IsReadOnly,
                    OwnPath = membership.Path,
                };
            }
        }

        return null;
    }

    private static string ReadControllers(string mountPoint)
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, $"{mountPoint}/cgroup.controllers", 1 << 16);
        return text.Ok ? Encoding.UTF8.GetString(text.Value) : "";
    }
}
