using System.Runtime.CompilerServices;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>Watches processes, own children or not, for as long as they live.</summary>
public static partial class ProcessMonitor
{
    /// <summary>Samples of a process with rates, the first at once, until it has ended.</summary>
    /// <param name="process">The process; stays the caller's, and must stay open.</param>
    /// <param name="interval">Time between samples.</param>
    /// <param name="parts">What each snapshot holds.</param>
    /// <param name="time">The clock; null is the system's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is not above zero, or longer than timers can be.</exception>
    public static IAsyncEnumerable<ProcessSample> WatchAsync(
        PidFd process,
        TimeSpan interval,
        SnapshotParts parts = SnapshotParts.Usual,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(process);
        CheckInterval(interval);
        return SamplesAsync(
            process,
            ownsProcess: false,
            interval,
            parts,
            time ?? TimeProvider.System,
            cancellationToken
        );
    }

    /// <summary>Samples of a process by number, which is looked up once: what is watched is that process only.</summary>
    /// <inheritdoc cref="WatchAsync(PidFd, TimeSpan, SnapshotParts, TimeProvider?, CancellationToken)"/>
    /// <exception cref="KernelException">ESRCH: there is none.</exception>
    public static IAsyncEnumerable<ProcessSample> WatchAsync(
        int processId,
        TimeSpan interval,
        SnapshotParts parts = SnapshotParts.Usual,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        CheckInterval(interval);
        PidFd process = PidFds.Open(processId).OrThrow("watch process", processId.ToString());
        return SamplesAsync(
            process,
            ownsProcess: true,
            interval,
            parts,
            time ?? TimeProvider.System,
            cancellationToken
        );
    }

    /// <summary>
    /// Waits until a process has ended, also one that is no child. It is not reaped: that is its parent's. How it ended is
    /// known once its parent has reaped it, from Linux 6.15 on; that is waited for too.
    /// </summary>
    /// <param name="process">The process; stays the caller's, and must stay open.</param>
    /// <param name="cancellationToken">Ends the wait, not the process.</param>
    /// <returns>How it ended, or null where the kernel is too old to tell.</returns>
    public static async Task<ExitStatus?> WaitForExitAsync(PidFd process, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(process);

        // Others may watch it too, and epoll takes a descriptor only once.
        using FileFd copy = DescriptorTable.Duplicate(process).OrThrow("duplicate the descriptor of a process");
        using WatchedDescriptor watched = Reactor.Shared.Watch(copy, EpollEvents.EPOLLIN);

        // Readable once it is a zombie, hung up once it was reaped.
        while (true)
        {
            SysResult<ExitStatus?> status = PidFds.GetExitStatus(process);
            if (status.Value is not null)
            {
                return status.Value;
            }

            PollEvents now = Poll.Wait(process, PollEvents.POLLIN, TimeSpan.Zero).OrThrow("wait for a process");
            if ((now & PollEvents.POLLHUP) != 0 || ((now & PollEvents.POLLIN) != 0 && !status.Ok))
            {
                return PidFds.GetExitStatus(process).Value;
            }

            await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static void CheckInterval(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval.TotalMilliseconds, uint.MaxValue - 1, nameof(interval));
    }

    private static async IAsyncEnumerable<ProcessSample> SamplesAsync(
        PidFd process,
        bool ownsProcess,
        TimeSpan interval,
        SnapshotParts parts,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        try
        {
            using PeriodicTimer timer = new(interval, time);
            ProcessSnapshot? before = null;
            long taken = 0;
            do
            {
                SysResult<DirectoryFd> opened = ProcDirectory.Open(process);
                long now = time.GetTimestamp();
                SysResult<ProcessSnapshot> snapshot = opened.Ok
                    ? SnapshotReader.Read(opened.Value, parts)
                    : new(null!, opened.Errno);
                if (snapshot.Errno == Errno.ESRCH || snapshot is { Ok: true, Value.HasEnded: true })
                {
                    yield break;
                }

                ProcessSnapshot current = snapshot.OrThrow("watch a process");
                yield return ProcessSample.Between(before, current, time.GetElapsedTime(taken, now));
                (before, taken) = (current, now);
            } while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            if (ownsProcess)
            {
                process.Dispose();
            }
        }
    }
}
