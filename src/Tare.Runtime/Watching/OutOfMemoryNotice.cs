using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Statistics;

namespace Tare.Runtime.Watching;

/// <summary>Tells when a container has needed memory that was not to be had within its limit.</summary>
internal abstract class OutOfMemoryNotice : IDisposable
{
    /// <summary>What to wait on.</summary>
    public abstract FileDescriptor Descriptor { get; }

    /// <summary>For what.</summary>
    public abstract EpollEvents Events { get; }

    /// <summary>The notice of whichever version has the memory controller; null where none has.</summary>
    /// <exception cref="KernelException">This user may not be told.</exception>
    public static OutOfMemoryNotice? TryOpen(ContainerCgroup cgroup)
    {
        foreach (ContainerCgroup.Group group in cgroup.Groups)
        {
            if (group.IsLegacyController && group.Has("memory"))
            {
                return new Legacy(group);
            }
        }

        return cgroup.Unified is { } unified && unified.HasFile("memory.events") ? new Unified(unified) : null;
    }

    /// <summary>Whether it has happened since the last call.</summary>
    public abstract bool Take();

    /// <inheritdoc />
    public virtual void Dispose() => Descriptor.Dispose();

    /// <summary>memory.events counts the processes that were killed, and wakes who polls it.</summary>
    private sealed class Unified : OutOfMemoryNotice
    {
        private readonly FileFd events;
        private ulong seen;

        public Unified(ContainerCgroup.Group group)
        {
            events = group.OpenFile("memory.events", OpenFlags.O_RDONLY);
            seen = Read() ?? 0;
        }

        public override FileDescriptor Descriptor => events;

        public override EpollEvents Events => EpollEvents.EPOLLPRI;

        public override bool Take()
        {
            ulong before = seen;
            seen = Read() ?? seen;
            return seen > before;
        }

        // Null once the group is gone.
        private ulong? Read()
        {
            Span<byte> text = stackalloc byte[1024];
            SysResult<int> read = Files.ReadAt(events, text, 0);
            return read.Ok
                ? KernelText
                    .Table(System.Text.Encoding.ASCII.GetString(text[..read.Value]))
                    .GetValueOrDefault("oom_kill")
                : null;
        }
    }

    /// <summary>A counter that v1 raises each time, and once more when the group goes.</summary>
    private sealed class Legacy : OutOfMemoryNotice
    {
        private readonly ContainerCgroup.Group group;
        private readonly EventFd counter = EventFds
            .Create(flags: EventFdFlags.EFD_NONBLOCK)
            .OrThrow("make a counter for out-of-memory notices");

        public Legacy(ContainerCgroup.Group group)
        {
            this.group = group;
            using DirectoryFd directory = group.Mount.OpenDirectory(group.Place.Path);
            CgroupNotices
                .RegisterOutOfMemory(directory, counter)
                .OrThrow("ask for out-of-memory notices of", group.FullPath, "needs the right to write there");
        }

        public override FileDescriptor Descriptor => counter;

        public override EpollEvents Events => EpollEvents.EPOLLIN;

        public override bool Take()
        {
            SysResult<ulong> count = EventFds.Take(counter);
            return count.Ok && count.Value > (group.Mount.Exists(group.Place.Path) ? 0UL : 1UL);
        }
    }
}
