using System.Runtime.CompilerServices;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

public static partial class ProcessEvents
{
    /// <summary>
    /// What is executed of a file system, through whatever mount and by whom ever. It listens when this returns. Unlike
    /// <see cref="WatchAsync"/> it tells the program, in any PID namespace.
    /// </summary>
    /// <param name="path">Something on the file system.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="KernelException">
    /// EPERM: no CAP_SYS_ADMIN. ENOSYS: no CONFIG_FANOTIFY. EINVAL: before Linux 5.0. ENOENT: no such path.
    /// </exception>
    public static IAsyncEnumerable<ProgramExecution> WatchExecutionsAsync(
        string path,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileFd group = Fanotify
            .Create(nonBlocking: true)
            .OrThrow("listen to", "executions", "needs CAP_SYS_ADMIN and CONFIG_FANOTIFY");
        SysResult marked = Fanotify.Mark(group, path, FanotifyEvents.FAN_OPEN_EXEC, FanotifyScope.FAN_MARK_FILESYSTEM);
        if (!marked.Ok)
        {
            group.Dispose();
            marked.OrThrow("listen to executions on", path);
        }

        return EachAsync(group, cancellationToken);
    }

    private static async IAsyncEnumerable<ProgramExecution> EachAsync(
        FileFd group,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        IAsyncEnumerable<List<FanotifyEvent>> read = EventLoop.TakeAsync(
            group,
            group,
            () => Fanotify.Read(group),
            "executions",
            cancellationToken
        );
        await foreach (List<FanotifyEvent> events in read.ConfigureAwait(false))
        {
            int told = 0;
            try
            {
                while (told < events.Count)
                {
                    FanotifyEvent one = events[told++];
                    string? program = null;
                    if (one.File is { } file)
                    {
                        program = Files.ReadLinkAt(null, $"/proc/self/fd/{file.Number}").Value.ToString();
                        file.Dispose();
                    }

                    yield return new(one.ProcessId, one.Process, program);
                }
            }
            finally
            {
                foreach (FanotifyEvent one in events.Skip(told))
                {
                    one.Dispose();
                }
            }
        }
    }
}
