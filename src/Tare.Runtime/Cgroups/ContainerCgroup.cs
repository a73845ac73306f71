using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.State;

namespace Tare.Runtime.Cgroups;

/// <summary>
/// The cgroups of one container: one in each hierarchy that is mounted. On a machine with both versions (v1 controllers
/// and an additional v2 hierarchy) the v2 group serves for entering, freezing and killing, the v1 groups for limits.
/// Owns descriptors of the hierarchies; the groups themselves stay until <see cref="CgroupRemoval.Remove(ContainerCgroup)"/>.
/// </summary>
public sealed partial class ContainerCgroup : IDisposable
{
    private readonly List<Group> groups;

    private ContainerCgroup(List<Group> groups, SystemdUnit? unit)
    {
        this.groups = groups;
        Unit = unit;
    }

    /// <summary>The unit of systemd that the group is made and removed by; null where the runtime does it itself.</summary>
    public SystemdUnit? Unit { get; }

    /// <summary>Where the groups lie.</summary>
    public IEnumerable<CgroupPlace> Places
    {
        get
        {
            foreach (Group group in groups)
            {
                yield return group.Place;
            }
        }
    }

    /// <summary>
    /// The rules about devices are in force. Not so on cgroup v2 for an ordinary user, whom the kernel allows no such
    /// program, and who can make no device and open only those that the host allows.
    /// </summary>
    public bool FiltersDevices { get; private set; }

    /// <summary>The kernel counts swap, and can limit it, in the groups or those that they are to lie in.</summary>
    public bool CountsSwap =>
        groups.Exists(group =>
        {
            string file = group.IsUnified ? "memory.swap.max" : "memory.memsw.limit_in_bytes";
            for (string path = group.Place.Path; ; path = path[..Math.Max(path.LastIndexOf('/'), 0)])
            {
                if (group.Mount.Exists(path.Length == 0 ? file : $"{path}/{file}"))
                {
                    return true;
                }

                if (path.Length == 0)
                {
                    return false;
                }
            }
        });

    internal IReadOnlyList<Group> Groups => groups;

    internal Group? Unified
    {
        get
        {
            foreach (Group group in groups)
            {
                if (group.IsUnified)
                {
                    return group;
                }
            }

            return null;
        }
    }

    /// <summary>Opens the hierarchies that groups lie in; nothing is made. A hierarchy that is gone is left out.</summary>
    /// <param name="places">Where the groups lie.</param>
    /// <param name="unit">The unit of systemd that they belong to, or null.</param>
    public static ContainerCgroup Open(IEnumerable<CgroupPlace> places, SystemdUnit? unit = null)
    {
        List<Group> opened = [];
        foreach (CgroupPlace place in places)
        {
            if (CgroupMount.Open(place.MountPoint) is { } mount)
            {
                opened.Add(new Group(mount, place));
            }
        }

        return new ContainerCgroup(opened, unit);
    }

    /// <summary>Opens the hierarchies that a container's groups lie in; nothing is made.</summary>
    public static ContainerCgroup Open(ContainerRecord record) => Open(record.Cgroups, record.Unit);

    /// <summary>
    /// How many components of each path do not exist yet and will therefore be the container's own. To be known and
    /// written down before <see cref="Make"/>.
    /// </summary>
    /// <exception cref="ContainerException">A group exists already and has processes in it, or is frozen.</exception>
    public void Survey()
    {
        for (int i = 0; i < groups.Count; i++)
        {
            Group group = groups[i];
            int missing = 0;
            string path = group.Place.Path;
            while (path.Length > 0 && !group.Mount.Exists(path))
            {
                missing++;
                int slash = path.LastIndexOf('/');
                path = slash < 0 ? "" : path[..slash];
            }

            if (missing == 0)
            {
                RefuseUnfit(group);
            }

            // Of what systemd makes only the scope is the container's.
            groups[i] = group with
            {
                Place = group.Place with { Made = Unit is null ? missing : 1 },
            };
        }
    }

    /// <summary>Makes the groups.</summary>
    /// <exception cref="KernelException">EACCES, EPERM, EROFS: this user may not make cgroups here.</exception>
    public void Make(Rollback rollback)
    {
        rollback.Push(() => CgroupRemoval.Remove(this));
        foreach (Group group in groups)
        {
            MakeOne(group);
        }
    }

    /// <summary>Limits are those of cgroup v1.</summary>
    internal bool IsLegacy => groups.Exists(group => group.IsLegacyController);

    /// <summary>Writes the limits and the device rules.</summary>
    /// <exception cref="KernelException">A value is refused by the kernel.</exception>
    /// <exception cref="ContainerException">Something is asked for whose controller this machine does not have.</exception>
    /// <exception cref="NotSupportedException">Something is asked for that only cgroup v1 has.</exception>
    public void Apply(ResourcesSpec? resources)
    {
        ApplyLimits(resources);
        FiltersDevices = DeviceControl.Apply(groups, resources);
    }

    /// <summary>Writes the limits alone: every device can be used that can be reached, as outside.</summary>
    /// <exception cref="KernelException">A value is refused by the kernel.</exception>
    /// <exception cref="ContainerException">Something is asked for whose controller this machine does not have.</exception>
    /// <exception cref="NotSupportedException">Something is asked for that only cgroup v1 has.</exception>
    public void ApplyLimits(ResourcesSpec? resources) => ApplyLimits(resources, null);

    /// <summary>The same; what was there before is written back by what is pushed.</summary>
    internal void ApplyLimits(ResourcesSpec? resources, Rollback? undo)
    {
        // Before limits: a group cannot have processors that the one above it lacks.
        foreach (Group group in groups)
        {
            if (!group.IsUnified && group.Has("cpuset"))
            {
                CgroupProcessors.Fill(group.Node, group.Place.Made);
            }
        }

        if (resources is null)
        {
            return;
        }

        (IReadOnlyList<CgroupSetting> legacy, IReadOnlyList<CgroupSetting> unified) = SettingsOf(resources);
        if (IsLegacy)
        {
            Write(legacy, legacy: true, undo);
        }

        WriteUnified(unified, undo);
    }

    /// <summary>What the limits mean for the files of each version, in the order in which they must be written.</summary>
    /// <exception cref="NotSupportedException">Something is asked for that only cgroup v1 has.</exception>
    internal (IReadOnlyList<CgroupSetting> Legacy, IReadOnlyList<CgroupSetting> Unified) SettingsOf(
        ResourcesSpec resources
    )
    {
        if (!IsLegacy)
        {
            return ([], UnifiedSettings.Of(resources));
        }

        // Controllers that are not mounted for v1 are in the hierarchy of v2 beside it, if anywhere.
        ResourcesSpec beside = new()
        {
            HugepageLimits = HasLegacy("hugetlb") ? [] : resources.HugepageLimits,
            Rdma = HasLegacy("rdma") ? [] : resources.Rdma,
            Unified = resources.Unified,
        };
        ResourcesSpec own = resources with
        {
            HugepageLimits = HasLegacy("hugetlb") ? resources.HugepageLimits : [],
            Rdma = HasLegacy("rdma") ? resources.Rdma : [],
        };
        return (LegacySettings.Of(own), UnifiedSettings.Of(beside));
    }

    private bool HasLegacy(string controller) =>
        groups.Exists(group => group.IsLegacyController && group.Has(controller));

    private void WriteUnified(IReadOnlyList<CgroupSetting> settings, Rollback? undo)
    {
        if (settings.Count == 0)
        {
            return;
        }

        if (Unified is { } unified)
        {
            Controllers.Enable(unified, settings);
        }

        Write(settings, legacy: false, undo);
    }

    /// <summary>
    /// Opens the files by which a process enters the v1 groups: the child, which has one thread, writes <c>0</c> to each.
    /// That is <c>tasks</c> and not <c>cgroup.procs</c>: for a thread that moves itself the kernel need not wait until no
    /// thread of any process is being made (an RCU grace period, some 10 ms).
    /// </summary>
    public IReadOnlyList<FileFd> OpenEntrances()
    {
        List<FileFd> entrances = new(groups.Count);
        foreach (Group group in groups)
        {
            if (!group.IsUnified)
            {
                entrances.Add(group.OpenFile("tasks", OpenFlags.O_WRONLY));
            }
        }

        return entrances;
    }

    /// <summary>Opens the v2 group for CLONE_INTO_CGROUP; null where there is no v2 hierarchy.</summary>
    public DirectoryFd? OpenUnified() => Unified is { } group ? group.Mount.OpenDirectory(group.Place.Path) : null;

    /// <summary>The processes in the groups and in groups below them, in this process's PID namespace.</summary>
    public IReadOnlyCollection<int> ListProcesses()
    {
        SortedSet<int> processes = [];
        if (Unified is { } unified && unified.Mount.Exists(unified.Place.Path))
        {
            unified.Node.CollectProcesses(processes);
            return processes;
        }

        foreach (Group group in groups)
        {
            group.Node.CollectProcesses(processes);
        }

        return processes;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Group group in groups)
        {
            group.Mount.Dispose();
        }
    }

    private static void RefuseUnfit(Group group)
    {
        string where = group.FullPath;
        if (HasProcesses(group.Mount, group.Place.Path))
        {
            throw new ContainerException(
                $"container's cgroup '{where}' is not empty (choose another linux.cgroupsPath, or end its processes)"
            );
        }

        if (group.Node.IsFrozen)
        {
            throw new ContainerException($"container's cgroup '{where}' is frozen (thaw it first)");
        }
    }

    // In groups below as well: whoever removes the container kills them all. Those of other PID namespaces count, too.
    private static bool HasProcesses(CgroupMount mount, string path) =>
        !string.IsNullOrWhiteSpace(mount.Read($"{path}/cgroup.procs"))
        || mount.ListDirectories(path).Any(child => HasProcesses(mount, $"{path}/{child}"));

    private static void MakeOne(Group group)
    {
        SysResult made = group.Mount.Make(group.Place.Path);
        if (made.Errno == Errno.ENOENT)
        {
            string path = group.Place.Path;
            for (int slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
            {
                SysResult parent = group.Mount.Make(path[..slash]);
                if (!parent.Ok && parent.Errno != Errno.EEXIST)
                {
                    parent.OrThrow("create cgroup", $"{group.Place.MountPoint}/{path[..slash]}", Hint(parent.Errno));
                }
            }

            made = group.Mount.Make(path);
        }

        if (!made.Ok && made.Errno != Errno.EEXIST)
        {
            made.OrThrow("create cgroup", group.FullPath, Hint(made.Errno));
        }
    }

    private static string? Hint(Errno errno) =>
        errno switch
        {
            Errno.EACCES or Errno.EPERM => "needs root, or a cgroup that was delegated to this user",
            Errno.EROFS => "the hierarchy is mounted read-only: it must be writable for limits",
            Errno.EAGAIN => "cgroup.max.depth or cgroup.max.descendants of a group above is reached",
            Errno.ENOSPC => "too many cgroups exist, or cpuset.cpus of a group above is empty",
            _ => null,
        };

    // A value may make sense only with another (memory with memory and swap, burst with quota) that comes after it where both
    // are changed: what is refused as it stands is tried again once the others are written.
    private void Write(IReadOnlyList<CgroupSetting> settings, bool legacy, Rollback? undo)
    {
        List<CgroupSetting> later = [];
        foreach (CgroupSetting setting in settings)
        {
            try
            {
                Write(setting, legacy, undo);
            }
            catch (KernelException e) when (e.Errno == Errno.EINVAL)
            {
                later.Add(setting);
            }
        }

        foreach (CgroupSetting setting in later)
        {
            Write(setting, legacy, undo);
        }
    }

    private void Write(CgroupSetting setting, bool legacy, Rollback? undo)
    {
        foreach (Group group in groups)
        {
            // A v2 group has been given what the settings need.
            if (group.IsUnified == legacy || (legacy && !group.Has(setting.Controller)))
            {
                continue;
            }

            SysResult written = Write(group, setting.File, setting.Value, undo);
            if (written.Errno == Errno.ENOENT && setting.Otherwise is { } other)
            {
                written = Write(group, other.File, other.Value, undo);
            }

            if (written.Ok || (written.Errno == Errno.ENOENT && setting.Optional))
            {
                return;
            }

            throw new KernelException(
                written.Errno,
                $"write '{setting.Value}' to",
                $"{group.FullPath}/{setting.File}",
                setting.Refusal(written.Errno)
            );
        }

        if (!setting.Optional)
        {
            throw new ContainerException(Controllers.Missing(setting));
        }
    }

    private static SysResult Write(Group group, string file, string value, Rollback? undo)
    {
        string? before = undo is null ? null : group.Read(file);
        SysResult written = group.Write(file, value);
        if (written.Ok && before is not null && EarlierValue.Of(file, value, before) is { } earlier)
        {
            undo!.Push(() => group.Write(file, earlier).OrThrow("write back", $"{group.Place.Path}/{file}"));
        }

        return written;
    }
}
