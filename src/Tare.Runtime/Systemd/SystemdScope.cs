using Tare.Linux;
using Tare.Runtime.Cgroups;
using Tare.Runtime.DBus;
using Tare.Runtime.State;

namespace Tare.Runtime.Systemd;

/// <summary>
/// The scope unit that a container is given by systemd, and with it its cgroup. systemd begins a scope only with a process:
/// the container's own, which waits for it (docs/adr/0010-systemd.md). Owns a connection to the service manager.
/// </summary>
internal sealed class SystemdScope : IDisposable
{
    private readonly SystemdConnection manager;
    private readonly ContainerId id;
    private readonly ScopeName name;
    private readonly IReadOnlyList<UnitProperty> annotated;
    private readonly int version;

    private SystemdScope(
        SystemdConnection manager,
        ContainerId id,
        ScopeName name,
        IReadOnlyList<UnitProperty> annotated,
        bool isUser,
        string mountPoint
    )
    {
        this.manager = manager;
        this.id = id;
        this.name = name;
        this.annotated = annotated;
        if (manager.IsAlive(name.Unit))
        {
            throw Taken(name.Unit);
        }

        version = manager.ReadVersion();
        string group = manager.ReadControlGroup();
        Unit = new SystemdUnit(name.Unit, isUser);
        Place = new CgroupPlace(mountPoint, "", group.Length == 0 ? name.Path : $"{group}/{name.Path}", 1);
    }

    /// <summary>The unit.</summary>
    public SystemdUnit Unit { get; }

    /// <summary>Somebody else was faster: the unit of this name is not the container's.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Where its cgroup will be. The slices above are systemd's.</summary>
    public CgroupPlace Place { get; }

    /// <summary>Decides what the scope will be; nothing is made.</summary>
    /// <param name="path">What config.json says, or null.</param>
    /// <param name="id">The container.</param>
    /// <param name="annotations">The container's annotations.</param>
    /// <exception cref="Validation.SpecException">The path or an annotation is none that systemd takes.</exception>
    /// <exception cref="ContainerException">There is such a unit, no service manager, or no cgroup v2 alone.</exception>
    public static SystemdScope Plan(string? path, ContainerId id, IReadOnlyDictionary<string, string> annotations)
    {
        bool isUser = ManagerSockets.IsUsers();
        ScopeName parsed = ScopeName.Parse(path, id, isUser);
        IReadOnlyList<UnitProperty> read = PropertyAnnotations.Read(annotations);
        string mountPoint = MountPoint();
        SystemdConnection systemd = SystemdConnection.Open(isUser);
        try
        {
            return Explained(() => new SystemdScope(systemd, id, parsed, read, isUser, mountPoint));
        }
        catch
        {
            systemd.Dispose();
            throw;
        }
    }

    /// <summary>Has systemd make the scope, with limits, and move a process there.</summary>
    /// <param name="processId">The process, in the PID namespace that systemd is in, too.</param>
    /// <param name="settings">The limits.</param>
    /// <exception cref="ContainerException">systemd refuses, or there is such a unit.</exception>
    public void Start(int processId, IReadOnlyList<CgroupSetting> settings) =>
        Explained(() =>
        {
            try
            {
                manager.Start(name.Unit, ScopeProperties.Of(id, name, processId, settings, annotated, version));
            }
            catch (DBusException e) when (e.Error == SystemdConnection.UnitExists)
            {
                IsTaken = true;
                throw Taken(name.Unit, e);
            }
        });

    /// <summary>Ends a scope, in which no process should be left. No error if there is none.</summary>
    /// <exception cref="ContainerException">The service manager cannot be reached.</exception>
    public static void Remove(SystemdUnit unit)
    {
        using SystemdConnection systemd = SystemdConnection.Open(unit.IsUser);
        Explained(() => systemd.Stop(unit.Name));
    }

    /// <summary>Tells systemd of other limits, before they are written.</summary>
    /// <exception cref="ContainerException">systemd refuses one, or cannot be reached.</exception>
    public static void Update(SystemdUnit unit, IReadOnlyList<CgroupSetting> settings)
    {
        using SystemdConnection systemd = SystemdConnection.Open(unit.IsUser);
        Explained(() =>
        {
            IReadOnlyList<UnitProperty> properties = ResourceProperties.Of(settings, systemd.ReadVersion());
            if (properties.Count > 0)
            {
                systemd.SetProperties(unit.Name, properties);
            }
        });
    }

    /// <summary>
    /// Sees to it that this process can make another one in a container's cgroup. The kernel allows an ordinary user that only
    /// from within the part of the tree that is the user's, in which a session's processes are not: then this process goes
    /// to a scope of its own there, which ends with it.
    /// </summary>
    /// <exception cref="ContainerException">The service manager refuses, or cannot be reached.</exception>
    public static void ComeNear(ContainerCgroup cgroup)
    {
        if (cgroup is not { Unit.IsUser: true, Unified: { } group })
        {
            return;
        }

        string common = Common(OwnGroup(), group.Place.Path);
        if (group.Mount.MayWrite(common.Length == 0 ? "cgroup.procs" : $"{common}/cgroup.procs"))
        {
            return;
        }

        using SystemdConnection systemd = SystemdConnection.Open(isUser: true);
        Explained(() =>
            systemd.Start(
                $"tare-exec-{Guid.NewGuid():N}.scope",
                [
                    new("Description", DBusVariant.Of("tare: adds a program to a container")),
                    new("Slice", DBusVariant.Of("user.slice")),
                    .. ScopeProperties.Plain(Environment.ProcessId),
                ]
            )
        );
    }

    /// <inheritdoc/>
    public void Dispose() => manager.Dispose();

    private static ContainerException Taken(string unit, Exception? inner = null) =>
        new(
            $"--systemd-cgroup: there is a unit '{unit}' already "
                + $"(choose another linux.cgroupsPath, or end it: systemctl stop '{unit}')",
            inner
        );

    private static string MountPoint()
    {
        IReadOnlyList<Cgroups.CgroupHierarchy> hierarchies = HostCgroups.Read();
        return hierarchies is [{ IsUnified: true } unified]
            ? unified.MountPoint
            : throw new ContainerException(
                hierarchies.Count == 0
                    ? "--systemd-cgroup: no cgroup hierarchy can be written to (mount cgroup2 on /sys/fs/cgroup)"
                    : "--systemd-cgroup: needs cgroup v2 alone, and v1 is mounted here "
                        + "(boot with systemd.unified_cgroup_hierarchy=1, or leave the option out)"
            );
    }

    private static string OwnGroup()
    {
        foreach (CgroupMembership membership in ProcCgroup.ReadOwn().OrThrow("read", "/proc/self/cgroup"))
        {
            if (membership.IsUnified)
            {
                return membership.Path.Trim('/');
            }
        }

        return "";
    }

    // The group that both lie in or are.
    private static string Common(string one, string other)
    {
        string[] ones = one.Split('/');
        string[] others = other.Split('/');
        int same = 0;
        while (same < ones.Length && same < others.Length && ones[same] == others[same])
        {
            same++;
        }

        return string.Join('/', ones[..same]);
    }

    private static void Explained(Action action) =>
        Explained(() =>
        {
            action();
            return true;
        });

    private static T Explained<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (DBusException e)
        {
            throw new ContainerException($"--systemd-cgroup: {e.Message}", e);
        }
    }
}
