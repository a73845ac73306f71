using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>What happens to all processes of the machine, as it happens. As root, in the machine's first PID namespace.</summary>
public static partial class ProcessEvents
{
    /// <summary>
    /// Forks, execs, ends, changed users and names, core dumps. It listens when this returns, so nothing that happens
    /// later is missed; an event of kind PROC_EVENT_NONE says where some were lost because they came too fast.
    /// </summary>
    /// <param name="kinds">What is wanted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KernelException">EPERM: no CAP_NET_ADMIN, or not in the first PID namespace.</exception>
    public static IAsyncEnumerable<ProcessEvent> WatchAsync(
        ProcessEventKinds kinds = ProcessEventKinds.PROC_EVENT_ALL,
        CancellationToken cancellationToken = default
    )
    {
        ProcessEventSocket socket = ProcessEventSocket
            .Open(kinds)
            .OrThrow(
                "listen to",
                "process events",
                "needs CAP_NET_ADMIN in the first namespaces and CONFIG_PROC_EVENTS"
            );
        return EventLoop.TakeAsync(socket, socket.Descriptor, socket.TryTake, "process events", cancellationToken);
    }

    /// <summary>
    /// What each thread used that ends, with the time that it waited for processors, disks and memory. A process's last has
    /// <see cref="TaskStatistics.IsLastThread"/>. It listens when this returns.
    /// </summary>
    /// <exception cref="KernelException">
    /// EPERM: no CAP_NET_ADMIN. ENOENT: no CONFIG_TASKSTATS. While it runs, ENOBUFS: some were lost because they came too fast.
    /// </exception>
    public static IAsyncEnumerable<TaskStatistics> WatchEndsAsync(CancellationToken cancellationToken = default)
    {
        TaskStatisticsSocket socket = Opened();
        try
        {
            string processors = System.Text.Encoding.ASCII.GetString(
                Files
                    .ReadAllAt(null, "/sys/devices/system/cpu/possible")
                    .OrThrow("read", "/sys/devices/system/cpu/possible")
            );
            socket.ListenToEnds(processors.TrimEnd()).OrThrow("listen to", "ends of tasks", "needs CAP_NET_ADMIN");
            return EventLoop.TakeAsync(
                socket,
                socket.Descriptor,
                socket.TryTakeEnded,
                "ends of tasks",
                cancellationToken
            );
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What a process with all its threads used and waited for until now.</summary>
    /// <exception cref="KernelException">ESRCH: there is none. EPERM: no CAP_NET_ADMIN. ENOENT: no CONFIG_TASKSTATS.</exception>
    public static TaskStatistics ReadStatistics(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        using TaskStatisticsSocket socket = Opened();
        return socket.ReadProcess(processId).OrThrow("read statistics of process", processId.ToString());
    }

    private static TaskStatisticsSocket Opened() =>
        TaskStatisticsSocket.Open().OrThrow("open", "taskstats", "the kernel needs CONFIG_TASKSTATS");
}
