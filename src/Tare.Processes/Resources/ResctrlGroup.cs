using System.Collections.Immutable;
using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// A class of service: processes that have a share of the processors' caches and memory bandwidth for themselves, as Intel's RDT,
/// AMD's QoS and Arm's MPAM give. Owns it: disposing removes it, and its processes belong to the default class then. Thread-safe.
/// resctrl of the kernel's documentation, Linux 4.10; root.
/// </summary>
public sealed class ResctrlGroup : IDisposable
{
    private const string Shares = "schemata";
    private readonly ResctrlTree tree;
    private bool over;

    private ResctrlGroup(ResctrlTree tree, string name) => (this.tree, Name) = (tree, name);

    /// <summary>A resctrl file system is mounted: the processor and the kernel can do it.</summary>
    public static bool IsAvailable => ResctrlTree.FindMountPoint() is not null;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its shares, a line for each resource: <c>L3:0=fff;1=fff</c>, <c>MB:0=50;1=100</c>.</summary>
    public ImmutableArray<string> Schemata => [.. Lines(ResctrlTree.Join(Name, Shares))];

    /// <summary>The threads in it, by their numbers.</summary>
    public ImmutableArray<int> Threads =>
        [.. Lines(ResctrlTree.Join(Name, "tasks")).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    /// <summary>Makes a class.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="schemata">Its shares; a resource that no line is about is shared with all others.</param>
    /// <exception cref="ArgumentException">The name is no name, or a line no share.</exception>
    /// <exception cref="KernelException">
    /// ENOENT: no resctrl file system is mounted. EEXIST: the name is taken. ENOSPC: the processor has no class left. EINVAL: it has
    /// no such share; the text says why.
    /// </exception>
    public static ResctrlGroup Create(string name, params ReadOnlySpan<string> schemata)
    {
        Check(name, schemata);
        string point =
            ResctrlTree.FindMountPoint()
            ?? throw new KernelException(
                Errno.ENOENT,
                "make a class of service",
                name,
                "no resctrl file system is mounted (mount -t resctrl resctrl /sys/fs/resctrl; the processor must have RDT)"
            );
        return Create(new ResctrlTree(point), name, schemata);
    }

    /// <summary>The same in a tree that is known. It belongs to the result.</summary>
    internal static ResctrlGroup Create(ResctrlTree tree, string name, params ReadOnlySpan<string> schemata)
    {
        bool made = false;
        try
        {
            SysResult result = tree.Make(name);
            made = result.Ok;
            if (!made)
            {
                throw tree.Failure(result.Errno, "make the class of service", name, "resctrl");
            }

            ResctrlGroup group = new(tree, name);
            group.Apply(schemata);
            return group;
        }
        catch
        {
            if (made)
            {
                tree.Remove(name);
            }

            tree.Dispose();
            throw;
        }
    }

    /// <summary>Changes shares: all of the lines, or none where one is refused.</summary>
    /// <exception cref="ArgumentException">A line is no share.</exception>
    /// <exception cref="KernelException">EINVAL: the processor has no such share; the text says why.</exception>
    public void Apply(params ReadOnlySpan<string> schemata)
    {
        Check(Name, schemata);
        if (!schemata.IsEmpty)
        {
            Write(Shares, string.Join('\n', schemata!) + "\n");
        }
    }

    /// <summary>Moves a process in, with all its threads; what it starts from then on is in it too.</summary>
    /// <exception cref="KernelException">ESRCH: there is no such process.</exception>
    public void Add(int processId)
    {
        // The file takes threads, and new ones come as long as not all are in.
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        HashSet<int> moved = [];
        for (bool more = true; more; )
        {
            more = false;
            foreach (int thread in ProcessScheduler.ThreadsOf(processId))
            {
                if (moved.Add(thread))
                {
                    Write("tasks", thread.ToString(CultureInfo.InvariantCulture));
                    more = true;
                }
            }
        }
    }

    /// <summary>
    /// What the processors count for it, by domain and name: bytes in the cache (<c>mon_L3_00/llc_occupancy</c>), bytes moved
    /// (<c>mon_L3_00/mbm_total_bytes</c>). Empty where they count nothing.
    /// </summary>
    public ImmutableSortedDictionary<string, long> ReadUsage()
    {
        ImmutableSortedDictionary<string, long>.Builder usage = ImmutableSortedDictionary.CreateBuilder<string, long>();
        string folder = ResctrlTree.Join(Name, "mon_data");
        foreach (string domain in tree.List(folder))
        {
            foreach (string counter in tree.List($"{folder}/{domain}"))
            {
                if (long.TryParse(tree.Read($"{folder}/{domain}/{counter}")?.Trim(), out long count))
                {
                    usage[$"{domain}/{counter}"] = count;
                }
            }
        }

        return usage.ToImmutable();
    }

    /// <summary>Removes it.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref over, true))
        {
            tree.Remove(Name);
            tree.Dispose();
        }
    }

    private static void Check(string name, ReadOnlySpan<string> schemata)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." or ".." or "info" or "mon_groups" or "mon_data" || name.AsSpan().ContainsAny("/\n\0"))
        {
            throw new ArgumentException($"'{name}' is no name of a class of service", nameof(name));
        }

        foreach (string line in schemata)
        {
            if (line is null || !line.Contains(':', StringComparison.Ordinal) || line.AsSpan().ContainsAny("\n\0"))
            {
                throw new ArgumentException($"'{line}' is no share like L3:0=fff;1=fff", nameof(schemata));
            }
        }
    }

    private void Write(string file, string value)
    {
        string path = ResctrlTree.Join(Name, file);
        SysResult written = tree.Write(path, value);
        if (!written.Ok)
        {
            throw tree.Failure(written.Errno, $"write '{value.Trim().Replace('\n', ' ')}' to", path, "resctrl");
        }
    }

    private IEnumerable<string> Lines(string file) =>
        (tree.Read(file) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
