using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// What tells that a cgroup's files have changed, in all hierarchies that it is in: inotify on those of version 2, a counter
/// for version 1's being out of memory. Both are in one set, so that one descriptor is waited for.
/// </summary>
internal sealed class CgroupWatch : IDisposable
{
    // By the watch on what each lies in, which says at once that it is removed; the directory itself says so only when nobody
    // has it open any more.
    private readonly Dictionary<int, string> directories = [];
    private readonly FileFd changes;
    private readonly EventFd outOfMemory;

    /// <summary>Begins to watch.</summary>
    /// <exception cref="KernelException">ENOENT: there is no such cgroup.</exception>
    public CgroupWatch(IEnumerable<string> directories, ReadOnlySpan<string> files)
    {
        Set = Epoll.Create().OrThrow("make an epoll set");
        changes = Inotify.Create(nonBlocking: true).OrThrow("make an inotify set");
        outOfMemory = EventFds.Create(flags: EventFdFlags.EFD_NONBLOCK).OrThrow("make a counter");
        try
        {
            foreach (string directory in directories)
            {
                Add(directory.Length > 1 ? directory.TrimEnd('/') : directory, files);
            }

            Epoll.Add(Set, changes, EpollEvents.EPOLLIN, 0).OrThrow("watch a cgroup");
            Epoll.Add(Set, outOfMemory, EpollEvents.EPOLLIN, 1).OrThrow("watch a cgroup");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is waited for.</summary>
    public EpollFd Set { get; }

    /// <summary>The cgroup has been removed.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Takes everything that has been told; false where nothing has.</summary>
    public bool Take()
    {
        bool any = EventFds.Take(outOfMemory).Ok;
        while (Inotify.Read(changes) is { Ok: true } read)
        {
            foreach (InotifyEvent change in read.Value)
            {
                any |=
                    !directories.TryGetValue(change.Watch, out string? directory)
                    || change.Name.ToString() == directory[(directory.LastIndexOf('/') + 1)..];
            }
        }

        IsGone |= any && directories.Values.Any(directory => !Files.FAccessAt2(null, directory, AccessModes.F_OK).Ok);
        return any;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Set.Dispose();
        changes.Dispose();
        outOfMemory.Dispose();
    }

    private void Add(string directory, ReadOnlySpan<string> files)
    {
        using DirectoryFd group = Files.OpenDirectoryAt(null, directory).OrThrow("open the cgroup", directory);
        int parent = Inotify
            .AddWatch(changes, $"{directory}/..", InotifyFlags.IN_DELETE | InotifyFlags.IN_ONLYDIR)
            .OrThrow("watch the cgroup", directory);
        directories[parent] = directory;
        foreach (string file in files)
        {
            SysResult<int> added = Inotify.AddWatch(changes, $"{directory}/{file}", InotifyFlags.IN_MODIFY);
            if (added.Errno != Errno.ENOENT)
            {
                added.OrThrow("watch", $"{directory}/{file}");
            }
        }

        SysResult registered = CgroupNotices.RegisterOutOfMemory(group, outOfMemory);
        if (registered.Errno != Errno.ENOENT)
        {
            registered.OrThrow("watch", $"{directory}/memory.oom_control");
        }
    }
}
