using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// What tells that a cgroup's files have changed: inotify on those of version 2, a counter for version 1's being out of
/// memory. Both are in one set, so that one descriptor is waited for.
/// </summary>
internal sealed class CgroupWatch : IDisposable
{
    private readonly string directory;
    private readonly string name;
    private readonly FileFd changes;
    private readonly EventFd outOfMemory;
    private readonly int parent;

    /// <summary>Begins to watch.</summary>
    /// <exception cref="KernelException">ENOENT: there is no such cgroup.</exception>
    public CgroupWatch(string directory, ReadOnlySpan<string> files)
    {
        this.directory = directory.Length > 1 ? directory.TrimEnd('/') : directory;
        name = this.directory[(this.directory.LastIndexOf('/') + 1)..];
        Set = Epoll.Create().OrThrow("make an epoll set");
        changes = Inotify.Create(nonBlocking: true).OrThrow("make an inotify set");
        outOfMemory = EventFds.Create(flags: EventFdFlags.EFD_NONBLOCK).OrThrow("make a counter");
        try
        {
            using DirectoryFd group = Files.OpenDirectoryAt(null, directory).OrThrow("open the cgroup", directory);

            // Its parent says at once that it is removed; the directory itself only when nobody has it open any more.
            parent = Inotify
                .AddWatch(changes, $"{directory}/..", InotifyFlags.IN_DELETE | InotifyFlags.IN_ONLYDIR)
                .OrThrow("watch the cgroup", directory);
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

            Epoll.Add(Set, changes, EpollEvents.EPOLLIN, 0).OrThrow("watch the cgroup", directory);
            Epoll.Add(Set, outOfMemory, EpollEvents.EPOLLIN, 1).OrThrow("watch the cgroup", directory);
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
                any |= change.Watch != parent || change.Name.ToString() == name;
            }
        }

        IsGone |= any && !Files.FAccessAt2(null, directory, AccessModes.F_OK).Ok;
        return any;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Set.Dispose();
        changes.Dispose();
        outOfMemory.Dispose();
    }
}
