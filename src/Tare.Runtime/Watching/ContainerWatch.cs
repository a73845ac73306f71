using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Containers;
using Tare.Runtime.Statistics;

namespace Tare.Runtime.Watching;

/// <summary>Watches a container that runs. Owns descriptors of its process and its groups; takes no lock.</summary>
public sealed class ContainerWatch : IDisposable
{
    private const ulong ProcessToken = 0;
    private const ulong MemoryToken = 1;
    private readonly ProcessDirectory process;
    private readonly ContainerCgroup cgroup;
    private OutOfMemoryNotice? notice;
    private EpollFd? descriptors;
    private bool ended;

    private ContainerWatch(ProcessDirectory process, ContainerCgroup cgroup)
    {
        this.process = process;
        this.cgroup = cgroup;
    }

    /// <summary>Opens a container for watching.</summary>
    /// <exception cref="ContainerException">It has stopped, or has no cgroup of its own.</exception>
    public static ContainerWatch Open(Container container)
    {
        ProcessDirectory found =
            ProcessDirectory.TryOpen(container.Record) ?? throw new ContainerException("container not running");
        if (container.Record.Cgroups.Count > 0)
        {
            return new ContainerWatch(found, container.OpenCgroup());
        }

        found.Dispose();
        throw new ContainerException(
            $"container {container.Record.Id} has no cgroup of its own, so nothing counts what it uses (create it as root, "
                + "or with a delegated cgroup)"
        );
    }

    /// <summary>What it has used so far.</summary>
    public ContainerStatistics ReadStatistics() => StatisticsReading.Read(cgroup, process.Directory);

    /// <summary>Begins to listen for what happens.</summary>
    /// <returns>False where no memory controller is there that could tell of memory.</returns>
    /// <exception cref="KernelException">This user may not be told.</exception>
    public bool Listen()
    {
        descriptors = Epoll.Create().OrThrow("make an epoll set");
        Epoll.Add(descriptors, process.Process, EpollEvents.EPOLLIN, ProcessToken).OrThrow("watch the container");
        notice = OutOfMemoryNotice.TryOpen(cgroup);
        if (notice is null)
        {
            return false;
        }

        Epoll.Add(descriptors, notice.Descriptor, notice.Events, MemoryToken).OrThrow("watch the container's memory");
        return true;
    }

    /// <summary>Waits for the next thing to happen. Preconditions: <see cref="Listen"/>.</summary>
    /// <param name="timeout">The longest wait.</param>
    public ContainerEvent Wait(TimeSpan timeout)
    {
        // What the kernel told before the end is told before it.
        if (ended)
        {
            return ContainerEvent.Ended;
        }

        Span<EpollReady> ready = stackalloc EpollReady[2];
        int count = Epoll.Wait(descriptors!, ready, timeout).OrThrow("wait for the container");
        foreach (EpollReady happened in ready[..count])
        {
            ended |= happened.Token == ProcessToken;
        }

        return count > 0 && notice?.Take() == true ? ContainerEvent.OutOfMemory
            : ended ? ContainerEvent.Ended
            : ContainerEvent.TimePassed;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        descriptors?.Dispose();
        notice?.Dispose();
        cgroup.Dispose();
        process.Dispose();
    }
}
