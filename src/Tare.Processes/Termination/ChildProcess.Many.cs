using System.Runtime.CompilerServices;

namespace Tare.Processes;

/// <content>Waiting for many at once: no thread waits for any of them.</content>
public sealed partial class ChildProcess
{
    /// <summary>Waits until one of the processes has ended, and gives it. Cancelling ends the wait only.</summary>
    /// <exception cref="ArgumentException">There is none to wait for.</exception>
    public static async Task<ChildProcess> WaitForAnyAsync(
        IEnumerable<ChildProcess> processes,
        CancellationToken cancellationToken = default
    )
    {
        ChildProcess[] all = Checked(processes);
        if (all.Length == 0)
        {
            throw new ArgumentException("there is no process to wait for", nameof(processes));
        }

        Task<ProcessExit>[] ends = Array.ConvertAll(all, process => process.watch.Ended);
        Task<ProcessExit> first = await Task.WhenAny(ends).WaitAsync(cancellationToken).ConfigureAwait(false);
        return all[Array.IndexOf(ends, first)];
    }

    /// <summary>Waits until all have ended; how each did, in the order in which they are given.</summary>
    /// <exception cref="Tare.Linux.KernelException">ECHILD: somebody else reaped one.</exception>
    public static Task<ProcessExit[]> WaitForAllAsync(
        IEnumerable<ChildProcess> processes,
        CancellationToken cancellationToken = default
    ) =>
        Task.WhenAll(Array.ConvertAll(Checked(processes), process => process.watch.Ended)).WaitAsync(cancellationToken);

    /// <summary>The processes in the order in which they end. Cancelling ends the wait only.</summary>
    public static IAsyncEnumerable<ChildProcess> WaitForEachAsync(
        IEnumerable<ChildProcess> processes,
        CancellationToken cancellationToken = default
    ) => WaitForEachAsync(Checked(processes), cancellationToken);

    private static async IAsyncEnumerable<ChildProcess> WaitForEachAsync(
        ChildProcess[] processes,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        Dictionary<Task, ChildProcess> ends = [];
        foreach (ChildProcess process in processes)
        {
            ends[process.watch.Ended] = process;
        }

        await foreach (Task ended in Task.WhenEach(ends.Keys).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return ends[ended];
        }
    }

    private static ChildProcess[] Checked(IEnumerable<ChildProcess> processes)
    {
        ArgumentNullException.ThrowIfNull(processes);
        ChildProcess[] all = [.. processes];
        return Array.Exists(all, process => process is null)
            ? throw new ArgumentException("a process is null", nameof(processes))
            : all;
    }
}
