using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>
/// A cgroup: processes that are limited, counted, stopped and killed together, whatever they start. One object stands for
/// the group in all hierarchies that are needed: that of version 2, and those of version 1 where a controller lies there.
/// Owns its descriptors; disposing one that was made here kills what is in it and removes it. Thread-safe. cgroups(7).
/// </summary>
public sealed partial class ControlGroup : IDisposable
{
    private readonly List<Place> places;
    private readonly List<FileFd> entrances = [];
    private readonly bool made;
    private DirectoryFd? unifiedDirectory;
    private bool disposed;
    private int members;

    private ControlGroup(string name, List<Place> places, bool made)
    {
        Name = name;
        this.places = places;
        this.made = made;
    }

    /// <summary>The last component of its path.</summary>
    public string Name { get; }

    /// <summary>Its directories: one in each hierarchy that it is in.</summary>
    public IReadOnlyList<string> Directories => [.. places.Select(place => place.Node.FullPath)];

    /// <summary>The processes in it and in groups below, by number in this process's PID namespace.</summary>
    public IReadOnlyCollection<int> Processes
    {
        get
        {
            SortedSet<int> processes = [];
            (Unified ?? places[0]).Node.CollectProcesses(processes);
            return processes;
        }
    }

    /// <summary>Processes are in it, or in groups below.</summary>
    public bool IsPopulated =>
        Unified is { } unified
            ? unified.Node.Read("cgroup.events")?.Contains("populated 1", StringComparison.Ordinal) == true
            : Processes.Count > 0;

    /// <summary>The processes stand still.</summary>
    public bool IsFrozen => Freezer is { } freezer && freezer.Node.IsFrozen;

    internal DirectoryFd? UnifiedDirectory => unifiedDirectory;

    /// <summary>Nothing can be done with it any more.</summary>
    internal bool IsDisposed => disposed;

    /// <summary>It was made here, and one process at most was put into it: the tree of that process is all that is in it.</summary>
    internal bool IsOfOneTree => made && !disposed && members <= 1;

    /// <summary>The files of version 1 by which a process enters: it writes 0.</summary>
    internal IReadOnlyList<FileFd> Entrances => entrances;

    private Place? Unified => places.Find(place => place.Node.IsUnified);

    private Place? Freezer =>
        Unified is { } unified && unified.Node.HasFile("cgroup.freeze")
            ? unified
            : places.Find(place => place.Controllers.Contains("freezer"));

    /// <summary>
    /// Makes a group below this process's own, or beside it where this process's own cannot have groups with limits below it
    /// because of its processes (cgroup v2).
    /// </summary>
    /// <param name="limits">What its processes may use; null is no limit.</param>
    /// <param name="parent">The group to make it in; null is this process's.</param>
    /// <param name="name">Its name; null is one that nobody else has.</param>
    /// <exception cref="ArgumentException">The name is no name, or a limit is no limit.</exception>
    /// <exception cref="KernelException">EACCES: no cgroup was delegated to this user. EEXIST: the name is taken.</exception>
    /// <exception cref="NotSupportedException">A limit needs a controller that this machine does not have.</exception>
    public static ControlGroup Create(
        ControlGroupLimits? limits = null,
        ControlGroup? parent = null,
        string? name = null
    )
    {
        limits ??= new ControlGroupLimits();
        ControlGroupChecks.Check(limits, name);
        if (parent is null)
        {
            ControlGroupLeftovers.Sweep();
        }

        string chosen = name ?? ControlGroupLeftovers.NewName();
        ControlGroup group = new(chosen, ControlGroupPlaces.Choose(limits, parent?.places, chosen), made: true);
        try
        {
            group.MakeDirectories();
            group.Apply(limits);
            group.Open();
            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    /// <summary>Opens a group of a hierarchy of version 2 that somebody else made, and keeps.</summary>
    /// <param name="path">Its path below the hierarchy's mount point.</param>
    /// <exception cref="KernelException">ENOENT: there is none.</exception>
    public static ControlGroup Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ControlGroup group = new(path.Split('/')[^1], [ControlGroupPlaces.Existing(path.Trim('/'))], made: false);
        group.Open();
        return group;
    }

    /// <summary>Changes what the processes may use, while they run.</summary>
    /// <exception cref="ArgumentException">A limit is no limit.</exception>
    /// <exception cref="KernelException">A value is refused.</exception>
    /// <exception cref="NotSupportedException">A limit needs a controller that the group does not have.</exception>
    public void Apply(ControlGroupLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ControlGroupChecks.Check(limits, null);
        ControlGroupWriting.Apply(places, limits);
    }

    /// <summary>What the processes have used.</summary>
    public ControlGroupUsage ReadUsage()
    {
        ControlGroupUsage usage = new();
        foreach (Place place in places.OrderBy(place => place.Node.IsUnified))
        {
            usage = place.Node.IsUnified
                ? usage.AddUnified(place.Node)
                : usage.AddLegacy(place.Node, place.Controllers);
        }

        return usage;
    }

    /// <summary>The processor time of <see cref="ReadUsage"/> alone; null where nothing counts it.</summary>
    internal TimeSpan? ReadCpuTime() =>
        places.Find(place => place.Controllers.Contains("cpuacct")) is { } accounting
            ? CgroupText.Nanoseconds(CgroupText.Number(accounting.Node.Read("cpuacct.usage")))
            : CgroupText.Microseconds(
                CgroupText.Field(places.Find(place => place.Node.IsUnified)?.Node.Read("cpu.stat"), "usage_usec ")
            );

    /// <summary>The text of one of its files, of the hierarchy that has it; null where none has.</summary>
    /// <param name="file">For instance <c>memory.events</c>.</param>
    public string? Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return places.Select(place => place.Node.Read(file)).FirstOrDefault(text => text is not null);
    }

    /// <summary>
    /// The numbers of one of its files that has a name and a number on each line, by the kernel's names: <c>memory.stat</c>,
    /// <c>cpu.stat</c>, <c>cgroup.stat</c>, <c>misc.current</c>, <c>hugetlb.2MB.events</c> and so on. Empty where none has it.
    /// </summary>
    /// <param name="file">The file's name.</param>
    public IReadOnlyDictionary<string, long> ReadCounts(string file) => CgroupText.Counts(Read(file));

    /// <summary>
    /// The numbers of one of its files that has several with their names on each line, by what the line is about and those names:
    /// <c>memory.numa_stat</c>, <c>io.stat</c>, <c>rdma.current</c>. Without a limit is <see cref="ControlGroupLimits.Unlimited"/>.
    /// Empty where none has it.
    /// </summary>
    /// <param name="file">The file's name.</param>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> ReadTable(string file) =>
        CgroupText.Table(Read(file));

    /// <summary>A controller's file, by its name in the version of the hierarchy that has the controller; null where none has it.</summary>
    internal (string File, string Text)? ReadOf(string controller, string unifiedFile, string legacyFile)
    {
        Place? place = places.Find(place => place.Controllers.Contains(controller));
        string file = place?.Node.IsUnified == true ? unifiedFile : legacyFile;
        return place?.Node.Read(file) is { } text ? (file, text) : null;
    }

    /// <summary>Moves a process in, with all its threads. Starting one in it is faster: <see cref="ProcessStartOptions.ControlGroup"/>.</summary>
    /// <exception cref="KernelException">ESRCH: there is no such process. EACCES: it is not this user's to move.</exception>
    public void Add(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        CountMember();
        foreach (Place place in places)
        {
            place
                .Node.Write("cgroup.procs", processId.ToString(CultureInfo.InvariantCulture))
                .OrThrow($"move process {processId} into cgroup", place.Node.FullPath);
        }
    }

    /// <summary>Stops all processes at once, and returns when they stand still.</summary>
    /// <exception cref="KernelException">ETIMEDOUT: some process waits for a device. ENOSYS: there is no freezer.</exception>
    public void Freeze()
    {
        CgroupNode node = FreezerOrThrow().Node;
        if (!node.Freeze())
        {
            node.Thaw();
            throw new KernelException(
                Errno.ETIMEDOUT,
                "freeze cgroup",
                node.FullPath,
                "some process waits for a device or a file system"
            );
        }
    }

    /// <summary>Lets all processes go on.</summary>
    /// <exception cref="KernelException">ENOSYS: there is no freezer.</exception>
    public void Thaw() => FreezerOrThrow().Node.Thaw();

    /// <summary>
    /// Kills all processes, those that are being made included, and returns when they are gone: cgroup.kill, or where that is
    /// not to be had stopped and killed in rounds until none is left.
    /// </summary>
    /// <returns>False where some are still there after ten seconds: they wait for a device or a file system.</returns>
    public bool Kill() => CgroupKilling.Kill(Unified?.Node, Freezer?.Node, () => Processes);

    /// <summary>Completes when no process is left in it and in groups below. Only version 2 tells, else it is asked again and again.</summary>
    public async Task WaitUntilEmptyAsync(CancellationToken cancellationToken = default)
    {
        if (Unified is { } unified)
        {
            using FileFd events = unified.Node.OpenFile("cgroup.events", OpenFlags.O_RDONLY);
            using WatchedDescriptor watched = Reactor.Shared.Watch(events, EpollEvents.EPOLLPRI);
            while (IsPopulated)
            {
                await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (Processes.Count > 0)
        {
            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Kills what is left in a group that was made here, and removes it with those below; closes the descriptors.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        if (made)
        {
            if (places.Exists(place => place.Made) && Processes.Count > 0)
            {
                Kill();
            }

            places.FindAll(place => place.Made).ForEach(place => place.Node.RemoveTree());
        }

        entrances.ForEach(file => file.Dispose());
        unifiedDirectory?.Dispose();
        places.ForEach(place => place.Node.Mount.Dispose());
    }

    /// <summary>A process is about to be put into it.</summary>
    internal void CountMember() => Interlocked.Increment(ref members);

    private Place FreezerOrThrow() =>
        Freezer
        ?? throw new KernelException(Errno.ENOSYS, "freeze cgroup", Name, "neither cgroup v2 nor a freezer is mounted");

    private void MakeDirectories()
    {
        foreach (Place place in places)
        {
            SysResult result = place.Node.Mount.Make(place.Node.Path);
            result.OrThrow(
                "create cgroup",
                place.Node.FullPath,
                result.Errno is Errno.EACCES or Errno.EPERM ? "no cgroup was delegated to this user" : null
            );
            place.Made = true;
        }
    }

    private void Open()
    {
        foreach (Place place in places)
        {
            if (place.Node.IsUnified)
            {
                unifiedDirectory = place.Node.Mount.OpenDirectory(place.Node.Path);
            }
            else
            {
                // For one thread that moves itself the kernel need not wait until no thread of any process is being made.
                entrances.Add(place.Node.OpenFile("tasks", OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC));
            }
        }
    }

    /// <summary>The group in one hierarchy.</summary>
    internal sealed record Place(CgroupNode Node, IReadOnlyList<string> Controllers)
    {
        /// <summary>The directory was made.</summary>
        public bool Made { get; set; }
    }
}
