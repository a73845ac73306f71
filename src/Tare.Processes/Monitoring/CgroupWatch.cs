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
    private readonly FileFd changes;
    private readonly EventFd outOfMemory;
    private readonly int self;

    /// <summary>Begins to watch.</summary>
    /// <exception cref="KernelException">ENOENT: there is no such cgroup.</exception>
    public CgroupWatch(string directory, ReadOnlySpan<string> files)
    {
        this.directory = directory;
        Set = Epoll.Create().OrThrow("make an epoll set");
        changes = Inotify.Create(nonBlocking: true).OrThrow("make an inotify set");
        outOfMemory = EventFds.Create(flags: EventFdFlags.EFD_NONBLOCK).OrThrow("make a counter");
        try
        {
            self = Inotify
                .AddWatch(changes, directory, InotifyFlags.IN_DELETE_SELF | InotifyFlags.IN_ONLYDIR)
                .OrThrow("watch the cgroup", directory);
            foreach (string file in files)
            {
                SysResult<int> added = Inotify.AddWatch(changes, $"{directory}/{file}", InotifyFlags.IN_MODIFY);
                if (added.Errno != Errno.ENOENT)
                {
                    added.OrThrow("watch", $"{directory}/{file}");
                }
            }

            using DirectoryFd group = Files.OpenDirectoryAt(null, directory).OrThrow("open the cgroup", directory);
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
        if (any && !Files.FAccessAt2(null, directory, AccessModes.F_OK).Ok)
        {
            IsGone = true;
        }

        while (Inotify.Read(changes) is { Ok: true } read)
        {
            any = true;
            foreach (InotifyEvent change in read.Value)
            {
                IsGone |=
                    change.Watch == self
                    && (change.Events & (InotifyFlags.IN_DELETE_SELF | InotifyFlags.IN_IGNORED)) != 0;
            }
        }

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
