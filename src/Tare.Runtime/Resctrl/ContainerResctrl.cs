using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.State;

namespace Tare.Runtime.Resctrl;

/// <summary>
/// The class of service of one container, and its monitoring group. What is made of it is on record before: see
/// <see cref="ResctrlPlace"/>. config-linux.md, "IntelRdt".
/// </summary>
internal sealed class ContainerResctrl : IDisposable
{
    private const string Property = "linux.intelRdt";
    private readonly ResctrlTree tree;

    private ContainerResctrl(ResctrlTree tree, ResctrlPlace place)
    {
        this.tree = tree;
        Place = place;
    }

    /// <summary>Where it is.</summary>
    public ResctrlPlace Place { get; }

    /// <summary>Finds resctrl and decides which class it will be; nothing is made.</summary>
    /// <exception cref="ContainerException">There is no resctrl, or no such class and nothing to make it of.</exception>
    public static ContainerResctrl Survey(IntelRdtSpec rdt, ContainerId id)
    {
        string mountPoint =
            ResctrlTree.FindMountPoint()
            ?? throw new ContainerException(
                $"{Property}: no resctrl file system is mounted (mount -t resctrl resctrl /sys/fs/resctrl; "
                    + "the processor must have RDT and the kernel support for it)"
            );
        return Survey(new ResctrlTree(mountPoint), rdt, id);
    }

    /// <summary>The same in a tree that is known. It belongs to the result.</summary>
    internal static ContainerResctrl Survey(ResctrlTree tree, IntelRdtSpec rdt, ContainerId id)
    {
        try
        {
            string group = rdt.ClosId is { } clos ? clos.TrimStart('/') : id.Text;
            bool exists = tree.Has(group);
            if (!exists && rdt.ClosId is not null && Lines(rdt).Count == 0)
            {
                throw new ContainerException(
                    $"{Property}.closID: there is no class of service '{group}' (make it before, or give its schemata)"
                );
            }

            if (exists)
            {
                Compare(tree, group, $"{Property}.l3CacheSchema", rdt.L3CacheSchema);
                Compare(tree, group, $"{Property}.memBwSchema", rdt.MemBwSchema);
            }

            string monitor = rdt.EnableMonitoring ? id.Text : "";
            return new ContainerResctrl(
                tree,
                new ResctrlPlace(tree.MountPoint, group, !exists, rdt.ClosId is null && !exists, monitor)
            );
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <summary>Opens what is on record; null where resctrl is not mounted there any more.</summary>
    public static ContainerResctrl? TryOpen(ResctrlPlace? place) =>
        place is not null && Directory.Exists(place.MountPoint)
            ? new ContainerResctrl(new ResctrlTree(place.MountPoint), place)
            : null;

    /// <summary>Makes the class if it is not there, gives it its shares, makes the monitoring group.</summary>
    /// <exception cref="KernelException">The kernel refuses; the text says why.</exception>
    public void Make(IntelRdtSpec rdt, Rollback rollback)
    {
        if (Place.IsNew)
        {
            Check(tree.Make(Place.Group), "make the class of service", Place.Group, Property);
            rollback.Push(() => tree.Remove(Place.Group));
        }

        if (Place.Monitor.Length > 0)
        {
            string monitor = Place.MonitorGroup;
            Check(
                tree.Make(monitor),
                "make the monitoring group",
                monitor,
                $"{Property}.enableMonitoring: the processor must be able to, and have a number left"
            );
            rollback.Push(() => tree.Remove(monitor));
        }

        Write(Lines(rdt), Property);
    }

    /// <summary>Changes the shares; undone by what is pushed.</summary>
    /// <exception cref="KernelException">The kernel refuses; then nothing is changed.</exception>
    public void Change(IntelRdtSpec rdt, Rollback rollback)
    {
        IReadOnlyList<string> lines = Lines(rdt);
        string file = ResctrlTree.Join(Place.Group, "schemata");
        IReadOnlyList<string> before = Schemata.About(lines, tree.Read(file) ?? "");
        rollback.Push(() => Write(before, Property));
        Write(lines, Property);
    }

    /// <summary>Opens the files by which a process enters the groups: it writes <c>0</c> to each, in this order.</summary>
    /// <exception cref="KernelException">A group is gone.</exception>
    public IReadOnlyList<FileFd> OpenEntrances() =>
        Place.Monitor.Length > 0
            ? [tree.OpenTasks(Place.Group), tree.OpenTasks(Place.MonitorGroup)]
            : [tree.OpenTasks(Place.Group)];

    /// <summary>Removes what is the container's own. Its processes then belong to the default class.</summary>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    public void Remove()
    {
        string group = Place.IsOwn ? Place.Group : Place.MonitorGroup;
        if (!Place.IsOwn && Place.Monitor.Length == 0)
        {
            return;
        }

        // A class takes the monitoring groups in it along.
        SysResult removed = tree.Remove(group);
        if (removed.Errno != Errno.ENOENT)
        {
            Check(removed, "remove the resctrl group", group, Property);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => tree.Dispose();

    /// <summary>The lines in the order in which they take effect.</summary>
    internal static IReadOnlyList<string> Lines(IntelRdtSpec rdt)
    {
        List<string> lines = [];
        if (rdt.L3CacheSchema is { } cache)
        {
            lines.Add(cache);
        }

        if (rdt.MemBwSchema is { } bandwidth)
        {
            lines.Add(bandwidth);
        }

        lines.AddRange(rdt.Schemata);
        return lines;
    }

    // The class is somebody else's, who may have given it to others.
    private static void Compare(ResctrlTree tree, string group, string property, string? line)
    {
        string file = ResctrlTree.Join(group, "schemata");
        if (line is not null && !Schemata.Agree(line, tree.Read(file) ?? ""))
        {
            throw new ContainerException(
                $"{property}: '{line}' is not what '{tree.PathOf(file)}' has (leave it out, or choose another closID)"
            );
        }
    }

    // All at once: the kernel applies none of them if one is wrong.
    private void Write(IReadOnlyList<string> lines, string property)
    {
        if (lines.Count > 0)
        {
            string text = string.Concat(lines.Select(line => line + "\n"));
            string file = ResctrlTree.Join(Place.Group, "schemata");
            Check(tree.Write(file, text), $"write '{string.Join(' ', lines)}' to", file, property);
        }
    }

    private void Check(SysResult result, string call, string path, string property)
    {
        if (!result.Ok)
        {
            throw tree.Failure(result.Errno, call, path, property);
        }
    }
}
