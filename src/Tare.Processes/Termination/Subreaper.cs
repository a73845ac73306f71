using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Tare.Launch;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// Makes this process take in orphans: what was started with <see cref="ProcessStartOptions.AdoptOrphans"/> leaves nobody to
/// init, and whoever loses its parent becomes a child of this process, is told of and reaped. Other children of this program,
/// such as System.Diagnostics.Process's, are never waited for. One at a time. PR_SET_CHILD_SUBREAPER.
/// </summary>
/// <remarks>
/// The kernel gives this process the orphans of all its children while this lasts: those of trees that were not started so stay
/// unreaped until this program ends. Of an orphan it is known by SIGCHLD: when something in the tree, or it itself, ends.
/// </remarks>
public sealed class Subreaper : IDisposable
{
    private static int active;
    private readonly HashSet<int> adopted = [];
    private readonly PosixSignalRegistration listening;
    private readonly bool before;
    private Channel<ChildProcess>? told;
    private bool disposed;

    private Subreaper(bool earlier)
    {
        before = earlier;
        listening = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Look());
    }

    /// <summary>Begins.</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    public static Subreaper Begin()
    {
        if (Interlocked.Exchange(ref active, 1) != 0)
        {
            throw new InvalidOperationException("this process takes in orphans already");
        }

        try
        {
            bool earlier = Linux.Processes.IsSubreaper().OrThrow("ask who takes in orphans");
            Linux.Processes.SetSubreaper(on: true).OrThrow("take in orphans");
            return new Subreaper(earlier);
        }
        catch
        {
            active = 0;
            throw;
        }
    }

    /// <summary>
    /// Orphans as they come, from now on; whoever reads it owns them. Without a reader they are reaped all the same. One
    /// reader at a time.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody reads already.</exception>
    public IAsyncEnumerable<ChildProcess> ReadAdoptedAsync(CancellationToken cancellationToken = default)
    {
        lock (adopted)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (told is not null)
            {
                throw new InvalidOperationException("somebody reads already");
            }

            told = Channel.CreateUnbounded<ChildProcess>();
            return ReadAsync(told, cancellationToken);
        }
    }

    /// <summary>Takes in no more orphans, unless this process did before. Those that are here are still reaped when they end.</summary>
    public void Dispose()
    {
        lock (adopted)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            told?.Writer.TryComplete();
        }

        listening.Dispose();
        Linux.Processes.SetSubreaper(before);
        active = 0;
    }

    private void Look()
    {
        // A start is not yet known to be one between its clone and its end.
        lock (OrphanMark.Starting)
        {
            lock (adopted)
            {
                if (!disposed)
                {
                    OrphanMark.Orphans(adopted).ForEach(Adopt);
                }
            }
        }
    }

    private void Adopt(int number)
    {
        if (PidFds.Open(number) is not { Ok: true } opened)
        {
            return;
        }

        // Nobody else reaps it, so the number is still its own.
        adopted.Add(number);
        ChildProcess child = ChildProcess.Adopt(LaunchedProcess.Adopt(opened.Value, number), () => Forget(number));
        if (told?.Writer.TryWrite(child) != true)
        {
            child.Dispose();
        }
    }

    private void Forget(int number)
    {
        lock (adopted)
        {
            adopted.Remove(number);
        }
    }

    private async IAsyncEnumerable<ChildProcess> ReadAsync(
        Channel<ChildProcess> channel,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        try
        {
            await foreach (ChildProcess child in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return child;
            }
        }
        finally
        {
            lock (adopted)
            {
                told = null;
                channel.Writer.TryComplete();
            }

            while (channel.Reader.TryRead(out ChildProcess? unread))
            {
                unread.Dispose();
            }
        }
    }
}
