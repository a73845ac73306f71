using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>
/// Decides in C# what may be executed of a file, a directory, a mount or a file system, by whomever: each execve(2) waits for the
/// answer. Also asked for are a program's interpreters: of scripts, and the dynamic loader. What is asked about is the opened file,
/// which no rename can change, but who may write to it can. Ends with this program or <see cref="Dispose"/>: then everything is
/// allowed again, so it guards against those who cannot end this program. CAP_SYS_ADMIN. fanotify(7), FAN_OPEN_EXEC_PERM, Linux 5.0.
/// </summary>
/// <remarks>
/// A program that this one is just starting when it is killed, and that is asked about, waits until it is killed too
/// (<see cref="ProcessStartOptions.KillOnParentExit"/>): it has a copy of the descriptor by which it is asked about.
/// </remarks>
public sealed class ExecutionGate : IDisposable
{
    // For questions that were on their way: microseconds, unless the machine has much to do.
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(1);

    private readonly FileFd group;
    private readonly FanotifyScope scope;
    private readonly WatchedDescriptor watched;
    private readonly ExecutionHandler handler;
    private readonly Action<ExecutionRequest, Exception>? failed;
    private readonly CancellationTokenSource over = new();
    private bool disposed;

    private ExecutionGate(
        FileFd group,
        FanotifyScope scope,
        ExecutionHandler handler,
        Action<ExecutionRequest, Exception>? failed
    )
    {
        this.group = group;
        this.scope = scope;
        this.handler = handler;
        this.failed = failed;
        watched = Reactor.Shared.Watch(group, EpollEvents.EPOLLIN);
    }

    /// <summary>Begins to be asked; it is when this returns.</summary>
    /// <param name="path">A file, a directory, or anything on the mount or file system.</param>
    /// <param name="scope">
    /// What of it: FAN_MARK_INODE is the file, or the files in the directory without those in directories below.
    /// </param>
    /// <param name="handler">
    /// Decides. It may start programs itself, also of what is guarded, for questions are asked beside each other.
    /// </param>
    /// <param name="failed">Told what the handler throws; the execution has failed with EPERM then. Must not throw itself.</param>
    /// <exception cref="ArgumentException">The path is empty, or the scope is none.</exception>
    /// <exception cref="KernelException">
    /// EPERM: no CAP_SYS_ADMIN. ENOSYS or EINVAL: the kernel lacks CONFIG_FANOTIFY_ACCESS_PERMISSIONS. ENOENT: no such path.
    /// </exception>
    public static ExecutionGate Open(
        string path,
        FanotifyScope scope,
        ExecutionHandler handler,
        Action<ExecutionRequest, Exception>? failed = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(handler);
        if (!Enum.IsDefined(scope))
        {
            throw new ArgumentException($"{scope} is nothing that can be guarded", nameof(scope));
        }

        FileFd opened = Fanotify
            .Create(nonBlocking: true, FanotifyClass.FAN_CLASS_CONTENT)
            .OrThrow("guard executions of", path, "needs CAP_SYS_ADMIN and CONFIG_FANOTIFY_ACCESS_PERMISSIONS");
        try
        {
            StatX status = Files.StatX(null, path, mask: StatXMask.STATX_TYPE).OrThrow("guard executions of", path);
            bool within =
                scope == FanotifyScope.FAN_MARK_INODE && (status.Mode & FileModes.S_IFMT) == FileModes.S_IFDIR;
            FanotifyEvents events =
                FanotifyEvents.FAN_OPEN_EXEC_PERM | (within ? FanotifyEvents.FAN_EVENT_ON_CHILD : 0);
            Fanotify.Mark(opened, path, events, scope).OrThrow("guard executions of", path);
            ExecutionGate gate = new(opened, scope, handler, failed);
            _ = Task.Run(gate.RunAsync);
            return gate;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Asks no more: what waits, and what comes, is allowed.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref disposed, true))
        {
            over.Cancel();
        }
    }

    private async Task RunAsync()
    {
        using FileFd closedLast = group;
        using WatchedDescriptor asking = watched;
        List<Task> answers = [];
        try
        {
            while (true)
            {
                over.Token.ThrowIfCancellationRequested();
                await TakeAsync(asking, answers, over.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }

        // Closing the group would answer for all, but programs that this one is just starting have a copy of it, and would wait
        // for themselves. So all are answered, those too that were on their way when the marks were removed.
        Fanotify.RemoveMarks(group, scope);
        using CancellationTokenSource last = new(Lingering);
        try
        {
            while (true)
            {
                await TakeAsync(asking, answers, last.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answers).ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(WatchedDescriptor asking, List<Task> answers, CancellationToken cancellationToken)
    {
        SysResult<List<FanotifyEvent>> read = Fanotify.Read(group);
        if (read.Errno == Errno.EAGAIN)
        {
            await asking.ReadableAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        // What the kernel could not hand over, for instance because too many files are open here, it has denied.
        answers.RemoveAll(answer => answer.IsCompleted);
        answers.AddRange(read.Value.Select(question => Task.Run(() => AnswerAsync(question), CancellationToken.None)));
    }

    private async Task AnswerAsync(FanotifyEvent question)
    {
        using FanotifyEvent asked = question;
        if (asked is not { IsQuestion: true, File: { } file })
        {
            return;
        }

        ExecutionRequest request = new(asked.ProcessId, asked.Process, file);
        bool allowed = false;
        try
        {
            // Waited for no longer than the gate is there, whatever the handler does.
            Task<bool> decision = Task.Run(() => handler(request, over.Token).AsTask(), over.Token);
            allowed = await decision.WaitAsync(over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            allowed = true;
        }
        catch (Exception failure)
        {
            failed?.Invoke(request, failure);
        }

        // That nobody waits any more is no failure: who did was killed.
        _ = allowed ? Fanotify.Allow(group, asked) : Fanotify.Deny(group, asked);
    }
}
